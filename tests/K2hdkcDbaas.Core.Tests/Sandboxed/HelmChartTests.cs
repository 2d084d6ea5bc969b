using System.Text.Json.Nodes;
using K2hdkcDbaas.Core.Backends;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Core.Sessions;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Kubernetes;

namespace K2hdkcDbaas.Core.Tests.Sandboxed;

/// <summary>Where the real helm fetches charts from, and what is said when it cannot.</summary>
public sealed class HelmChartTests : HelmTest
{
    private string Folder => Path.GetDirectoryName(Chart)!;

    [Fact]
    public async Task Charts_come_from_folders_archives_repositories_and_registries()
    {
        var helm = Wrapper(Helm());
        using var http = await OperatorAsync();
        await PutAuthorityAsync(http);
        var request = Request("web") with { ServerCount = 1 };
        await PackAsync(helm);
        await using var server = await ChartServer.StartAsync(Path.Combine(Folder, "repo"));
        await RunAsync(helm, "repo", "index", "repo");
        await RunAsync(helm, "repo", "add", "lab", $"{server.Address}repo");
        await RunAsync(helm, "repo", "add", "own", $"{server.Address}private", "--username", ChartServer.User, "--password",
            ChartServer.Password);
        await using var session = await SessionAsync(helm: helm);
        var registry = $"oci://{server.Address.Authority}/charts/k2hdkc";

        foreach (var (chart, repository, version) in new (string, string?, string?)[]
        {
            (Chart, null, null),
            (Path.Combine(Folder, "repo", "k2hdkc-1.0.11.tgz"), null, null),
            ($"{server.Address}repo/k2hdkc-1.0.11.tgz", null, null),
            ("lab/k2hdkc", null, null),
            ("lab/k2hdkc", null, "1.0.10"),
            ("own/k2hdkc", null, "^1.0"),
            ("k2hdkc", $"{server.Address}repo", "1.0.11"),
            (registry, null, null),
            (registry, null, "1.0.10"),
        })
        {
            Sandbox.Calls.Clear();
            await session.Clusters.CheckClusterAsync(From(request, chart, repository, version), CancellationToken.None);
            var wrong = await RefusalAsync(session, From(request, chart, repository, version, count: "two"));
            Assert.True(wrong.ErrorId == HelmErrorIds.HelmValuesRefused, $"{chart}: {wrong.Message}");
            Assert.Contains("dbaas.server.count", wrong.Message, StringComparison.Ordinal);
            Assert.DoesNotContain(Sandbox.Calls.All, c => c.Service == "kubernetes" && c.IsChange);
        }

        var made = await session.Clusters.CreateClusterAsync(From(request, registry, null, "1.0.10"), Quietly, CancellationToken.None);
        Assert.Equal("web", made.Name);
        var revision = Assert.Single(await session.Clusters.Feature<IHelmReleases>()!.GetRevisionsAsync("web", CancellationToken.None));
        Assert.Equal(("k2hdkc", "1.0.10"), (revision.Chart, revision.ChartVersion));
    }

    [Fact]
    public async Task A_chart_that_cannot_be_had_is_named_with_what_to_do()
    {
        var helm = Wrapper(Helm());
        var request = Request("web");
        await PackAsync(helm);
        await RunAsync(helm, "repo", "index", "repo");
        await using var server = await ChartServer.StartAsync(Path.Combine(Folder, "repo"));
        await RunAsync(helm, "repo", "add", "lab", $"{server.Address}repo");
        await using var session = await SessionAsync(helm: helm);
        var (repository, registry) = ($"{server.Address}repo", $"oci://{server.Address.Authority}/charts");

        foreach (var (chart, from, version, named, next) in new (string, string?, string?, string, string)[]
        {
            ("lab/nosuch", null, null, "lab/nosuch", "helm repo update"),
            ("lab/k2hdkc", null, "9.9.9", "9.9.9", "-ChartVersion"),
            ("nolab/k2hdkc", null, null, "nolab/k2hdkc", "-Chart"),
            ("nosuch", repository, null, repository, "-ChartRepository"),
            ("k2hdkc", repository, "9.9.9", "9.9.9", "-ChartVersion"),
            ("k2hdkc", $"{server.Address}nosuch", null, "nosuch", "-ChartRepository"),
            ("k2hdkc", $"{server.Address}private", null, "private", "helm repo add"),
            ($"{registry}/nosuch", null, null, $"{registry}/nosuch", "-Chart"),
            ($"{registry}/k2hdkc", null, "9.9.9", "9.9.9", "-ChartVersion"),
            (Path.Combine(Folder, "nosuch"), null, null, Path.Combine(Folder, "nosuch"), "yahoojapan"),
            ("./nosuch.tgz", null, null, "./nosuch.tgz", "yahoojapan"),
            (Path.Combine(Folder, "repo"), null, null, "no Chart.yaml", "yahoojapan"),
            (Chart, null, "1.0.11", "-ChartVersion 1.0.11", "yahoojapan"),
            ("k2hdkc", $"http://me:secret@{server.Address.Authority}/repo", null, "password", "helm repo add"),
        })
        {
            var e = await RefusalAsync(session, From(request, chart, from, version));
            Assert.True(e.ErrorId == HelmErrorIds.HelmChartUnusable, $"{chart}: {e.Message}");
            Assert.Contains(named, e.Message, StringComparison.Ordinal);
            Assert.Contains(next, e.NextStep, StringComparison.Ordinal);
            Assert.DoesNotContain("secret@", e.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_registry_without_TLS_is_told_from_one_that_is_not_there()
    {
        var helm = Helm();
        await using var server = await ChartServer.StartAsync(Folder);
        await using var session = await SessionAsync(helm: helm);
        var request = Request("web");
        var plain = await RefusalAsync(session, From(request, $"oci://{server.Address.Authority}/charts/k2hdkc", null, null));
        Assert.Equal((HelmErrorIds.HelmChartUnusable, ErrorKind.InvalidInput), (plain.ErrorId, plain.Kind));
        Assert.Contains("helm pull oci://", plain.NextStep, StringComparison.Ordinal);
        Assert.Contains("--plain-http", plain.NextStep, StringComparison.Ordinal);
        // Nothing listens on port 1.
        var none = await RefusalAsync(session, From(request, "oci://127.0.0.1:1/charts/k2hdkc", null, null));
        Assert.Equal((HelmErrorIds.HelmChartUnusable, ErrorKind.Unreachable), (none.ErrorId, none.Kind));
    }

    private static async Task<DbaasException> RefusalAsync(IDbaasSession session, NewCluster request) =>
        await Assert.ThrowsAnyAsync<DbaasException>(() => session.Clusters.CheckClusterAsync(request, CancellationToken.None));

    private static NewCluster From(NewCluster request, string chart, string? repository, string? version, string? count = null)
    {
        var nodes = With(request.Nodes!, "Chart", chart);
        if (repository is not null) nodes = With(nodes, "ChartRepository", new Uri(repository));
        if (version is not null) nodes = With(nodes, "ChartVersion", version);
        if (count is null) return request with { Nodes = nodes };
        var values = new JsonObject { ["dbaas"] = new JsonObject { ["server"] = new JsonObject { ["count"] = count } } };
        return request with { ServerCount = 0, Nodes = With(nodes, "HelmValues", values) };
    }

    // helm with folders of its own, that takes this host's registry as it is, without TLS.
    private string Wrapper(string helm)
    {
        if (OperatingSystem.IsWindows()) Assert.Skip("The script around helm is one of a Unix shell.");
        var script = Path.Combine(Folder, "helm.sh");
        File.WriteAllText(Path.Combine(Folder, "script"), $"""
            #!/bin/sh
            export HELM_CONFIG_HOME='{Folder}/h/config' HELM_CACHE_HOME='{Folder}/h/cache' HELM_DATA_HOME='{Folder}/h/data'
            plain=
            case "$1 $2" in 'pull oci://'*) plain=--plain-http ;; esac
            exec '{helm}' "$@" $plain
            """.ReplaceLineEndings("\n"));
        // By another process: a file that this one has open for writing, or a child it forks meanwhile, cannot be run.
        using var shell = System.Diagnostics.Process.Start("sh", ["-c", "cat \"$1\" > \"$0\" && chmod 700 \"$0\"", script,
            Path.Combine(Folder, "script")]);
        shell.WaitForExit();
        return script;
    }

    // Two versions of the chart, the first of which is what lies in the folder.
    private async Task PackAsync(string helm)
    {
        await RunAsync(helm, "package", "chart", "--destination", "repo");
        await RunAsync(helm, "package", "chart", "--destination", "repo", "--version", "1.0.11");
    }

    private async Task RunAsync(string helm, params string[] arguments)
    {
        using var process = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo(helm, arguments)
        {
            WorkingDirectory = Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var said = process.StandardError.ReadToEndAsync();
        await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"helm {string.Join(' ', arguments)}: {await said}");
    }
}
