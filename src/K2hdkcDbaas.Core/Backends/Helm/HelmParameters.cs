using System.Text.Json.Nodes;
using K2hdkcDbaas.Core.Backends.Pods;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Errors;

namespace K2hdkcDbaas.Core.Backends.Helm;

/// <summary>The parameters that Helm understands, and the chart's values that are made of them.</summary>
internal static class HelmParameters
{
    /// <summary>The program, as a session's setting.</summary>
    public const string Program = "HelmPath";

    private const string Chart = "Chart";
    private const string Repository = "ChartRepository";
    private const string Version = "ChartVersion";
    private const string Values = "HelmValues";
    private const string ValuesFile = "HelmValuesFile";
    private const ParameterUses Clusters = ParameterUses.NewCluster;

    // Our parameter, and the group of the chart's values that takes it.
    private static readonly (string Parameter, string Group)[] Images =
        [("InitImage", "init"), ("ChmpxImage", "chmpx"), ("K2hdkcImage", "dkc")];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<BackendParameter> All { get; } =
    [
        .. PodParameters.Session,
        new(Program, typeof(string), ParameterUses.Connect,
            "The helm program, of Helm 3 or 4; the one on the PATH when not given. Only what changes a release needs it.") { IsPath =
                true },
        .. PodParameters.Images(Clusters),
        new(Chart, typeof(string), Clusters,
            "K2HDKC's Helm chart: a folder, an archive, the address of one, REPOSITORY/NAME of a repository that helm knows, an address "
                + "oci://..., or a name in the repository of -ChartRepository.") { IsPath = true, MayBeName = true },
        new(Repository, typeof(Uri), Clusters, "The address of the repository that holds the chart."),
        new(Version, typeof(string), Clusters, "The chart's version, or a range such as ^1.0; the newest when not given."),
        new(Values, typeof(JsonObject), Clusters,
            "Values for the chart: @{ dbaas = @{ slave = @{ image = 'mine:1' } } }. They win over those of files; the cmdlet's own "
                + "parameters "
                + "win over both."),
        new(ValuesFile, typeof(string[]), Clusters, "YAML files with values for the chart; a later one wins over an earlier.")
        {
            IsPath = true,
        },
    ];

    /// <summary>The chart that a request names.</summary>
    /// <exception cref="DbaasException">It names none.</exception>
    public static ChartSource Source(NewCluster request) => new(
        Text(request.Nodes, Chart) ?? throw new DbaasException(ErrorKind.InvalidInput, ErrorIds.InvalidRequest,
            $"Cluster '{request.Name}' needs a chart to be made from.",
            "Give -Chart: a folder or an archive with K2HDKC's chart, or a name with -ChartRepository.")
        { Target = request.Name },
        Text(request.Nodes, Repository), Text(request.Nodes, Version));

    /// <summary>The files with values.</summary>
    /// <exception cref="DbaasException">One is not there.</exception>
    public static IReadOnlyList<string> Files(NewCluster request)
    {
        var files = request.Nodes?.Settings.GetValueOrDefault(ValuesFile) as string[] ?? [];
        return files.FirstOrDefault(f => !File.Exists(f)) is { } missing
            ? throw new DbaasException(ErrorKind.InvalidInput, ErrorIds.InvalidRequest, $"There is no file '{missing}'.",
                $"Check -{ValuesFile}.")
            { Target = missing }
            : files;
    }

    /// <summary>
    /// The values that a request comes to, over those of files. What was not asked for is left to them and to the chart.
    /// </summary>
    /// <param name="request">The request.</param>
    /// <param name="tenant">The K2HR3 tenant.</param>
    /// <param name="token">A K2HR3 token for no tenant; null when the user must give one. A secret.</param>
    public static JsonObject Of(NewCluster request, string tenant, string? token)
    {
        var values = (request.Nodes?.Settings.GetValueOrDefault(Values) as JsonObject)?.DeepClone() as JsonObject ?? [];
        Put(values, tenant, "dbaas", "k2hr3Tenant");
        if (Text(values, "dbaas", "clusterName") is { Length: > 0 } other && other != request.Name)
            throw new DbaasException(ErrorKind.InvalidInput, ErrorIds.InvalidRequest,
                $"-{Values} names the cluster '{other}', and the cmdlet '{request.Name}'.", $"Leave dbaas.clusterName out of -{Values}.")
            { Target = request.Name };
        if (request.ServerCount > 0) Put(values, request.ServerCount, "dbaas", "server", "count");
        if (request.SlaveCount > 0) Put(values, request.SlaveCount, "dbaas", "slave", "count");
        var (ports, usual) = (request.Ports, new ClusterPorts());
        if (ports.Server != usual.Server) Put(values, ports.Server, "dbaas", "server", "port");
        if (ports.ServerControl != usual.ServerControl) Put(values, ports.ServerControl, "dbaas", "server", "ctlport");
        if (ports.SlaveControl != usual.SlaveControl) Put(values, ports.SlaveControl, "dbaas", "slave", "ctlport");
        foreach (var (parameter, group) in Images)
        {
            if (Text(request.Nodes, parameter) is { } image) Put(values, image, "images", group, "fullImageName");
        }

        if (Text(values, "k2hr3", "unscopedToken") is null && token is not null) Put(values, token, "k2hr3", "unscopedToken");
        return values;
    }

    /// <summary>The values that change a release: how many nodes of a role, and a token that is good now.</summary>
    /// <param name="isServer">Whether servers are meant.</param>
    /// <param name="count">How many.</param>
    /// <param name="token">A K2HR3 token for no tenant; null leaves the release's. A secret.</param>
    public static JsonObject Change(bool isServer, int count, string? token)
    {
        var values = new JsonObject();
        Put(values, count, "dbaas", isServer ? "server" : "slave", "count");
        if (token is not null) Put(values, token, "k2hr3", "unscopedToken");
        return values;
    }

    private static void Put(JsonObject values, JsonNode value, params ReadOnlySpan<string> path)
    {
        foreach (var name in path[..^1])
        {
            if (values[name] is not JsonObject inner) values[name] = inner = [];
            values = inner;
        }

        values[path[^1]] = value;
    }

    private static string? Text(JsonObject values, string group, string name) =>
        values[group] is JsonObject inner && inner[name] is System.Text.Json.Nodes.JsonValue value
            && value.TryGetValue<string>(out var text) ? text : null;

    private static string? Text(NodeTemplate? template, string name) => template?.Settings.GetValueOrDefault(name) switch
    {
        Uri uri => uri.OriginalString,
        var other => other?.ToString(),
    };
}
