using System.Globalization;
using System.Text.Json.Nodes;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Kubernetes;

namespace K2hdkcDbaas.Core.Backends.Helm;

/// <summary>The commands of helm that releases are led by.</summary>
internal sealed class HelmCommands(HelmProgram program, KubernetesConnection api)
{
    /// <summary>Makes sure that there is a helm.</summary>
    /// <exception cref="DbaasException"><c>HelmNotFound</c>.</exception>
    public void Check() => program.Find();

    /// <summary>Fetches a chart, so that what is checked is what is installed.</summary>
    /// <param name="source">Where it comes from.</param>
    /// <param name="folder">Where it goes; not used for one on this machine.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>Where it lies.</returns>
    public async Task<string> FetchAsync(ChartSource source, HelmChartFolder folder, CancellationToken cancellationToken)
    {
        if (source.IsLocal) return Local(source);
        if (source.MustBeLocal) throw HelmErrors.Chart(source.Name, "there is no such folder or archive");
        if (source.HoldsPassword)
            throw new DbaasException(ErrorKind.InvalidInput, HelmErrorIds.HelmChartUnusable,
                "A password in the address of a chart or repository can be seen by everyone on this machine; nothing was asked.",
                "Give it to helm once, with 'helm repo add NAME URL --username USER --password-stdin' or 'helm registry login HOST', and "
                    + "name the chart as NAME/CHART or oci://...");
        List<string> arguments = ["pull", source.Name, "--destination", folder.Path];
        if (source.Repository is { } repository) arguments.AddRange(["--repo", repository]);
        if (source.Version is { } version) arguments.AddRange(["--version", version]);
        await program.RunAsync(arguments, api.Namespace, null, cancellationToken).ConfigureAwait(false);
        return Directory.GetFiles(folder.Path, "*.tgz").FirstOrDefault()
            ?? throw HelmErrors.Chart(source.Name, "helm fetched no archive");
    }

    /// <summary>What a chart comes to with values, checked against its schema; nothing is sent to Kubernetes.</summary>
    public Task<string> RenderAsync(string release, string chart, IReadOnlyList<string> files, JsonObject values,
        CancellationToken cancellationToken) =>
        program.RunAsync(["template", release, chart, .. Given(files)], api.Namespace, values.ToJsonString(), cancellationToken);

    /// <summary>Makes a release.</summary>
    public Task InstallAsync(string release, string chart, IReadOnlyList<string> files, JsonObject values, TimeSpan limit,
        CancellationToken cancellationToken) =>
        program.RunAsync(["install", release, chart, .. Given(files), .. Limit(limit)], api.Namespace, values.ToJsonString(),
            cancellationToken);

    /// <summary>Changes some values of a release, with the chart that it was made from.</summary>
    public async Task ChangeAsync(HelmRelease release, JsonObject values, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var chart = HelmChartFolder.Of(release);
        string[] way = await WayAsync(release, cancellationToken).ConfigureAwait(false);
        await program.RunAsync(["upgrade", release.Name, chart.Path, "--reuse-values", .. Given([]), .. way, .. Limit(limit)],
            api.Namespace, values.ToJsonString(), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Goes back to a former revision, as a new one.</summary>
    public async Task RollBackAsync(HelmRelease former, TimeSpan limit, CancellationToken cancellationToken)
    {
        string[] way = await WayAsync(former, cancellationToken).ConfigureAwait(false);
        await program.RunAsync(["rollback", former.Name, former.Revision.ToString(CultureInfo.InvariantCulture), .. way, .. Limit(limit)],
            api.Namespace, null, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Removes a release.</summary>
    public Task UninstallAsync(string release, TimeSpan limit, CancellationToken cancellationToken) =>
        program.RunAsync(["uninstall", release, .. Limit(limit)], api.Namespace, null, cancellationToken);

    private static string Local(ChartSource source)
    {
        if (source.Version is { } version)
            throw HelmErrors.Chart(source.Name, $"a folder or an archive has one version, so -ChartVersion {version} means nothing");
        if (Directory.Exists(source.Name) && !File.Exists(Path.Combine(source.Name, "Chart.yaml")))
            throw HelmErrors.Chart(source.Name, "the folder holds no Chart.yaml");
        return Path.GetFullPath(source.Name);
    }

    // The last of these wins, and it is read from the standard input.
    private static IEnumerable<string> Given(IReadOnlyList<string> files) => files.Append("-").SelectMany(f => (string[])["--values", f]);

    // With Helm 4 the API server refuses to change fields that another has set meanwhile, such as a number of pods by 'kubectl scale', and
    // the revision fails half-way; Helm 3 sets them. What this would cost is looked for before.
    private async Task<string[]> WayAsync(HelmRelease release, CancellationToken cancellationToken) =>
        release.IsServerSide && await program.MajorAsync(cancellationToken).ConfigureAwait(false) >= 4
            ? ["--server-side=true", "--force-conflicts"]
            : [];

    private static string[] Limit(TimeSpan limit) =>
        ["--timeout", string.Create(CultureInfo.InvariantCulture, $"{Math.Max(1, (long)limit.TotalSeconds)}s")];
}
