namespace K2hdkcDbaas.Sandbox.Trove;

/// <summary>
/// Trove's datastores, instances, clusters, backups and configuration groups. Callers hold <see cref="SandboxState.Gate"/>.
/// </summary>
internal sealed class DatabaseStore
{
    private readonly Dictionary<string, Dictionary<string, int>> _quotas = new(StringComparer.Ordinal);

    public static IReadOnlyDictionary<string, int> DefaultQuotas { get; } = new Dictionary<string, int>
    {
        ["instances"] = 20,
        ["ram"] = -1,
        ["backups"] = 20,
        ["volumes"] = 100,
    };

    /// <summary>Largest volume of one instance in GB (Trove's max_accepted_volume_size).</summary>
    public const int LargestVolume = 20;

    public static IReadOnlyList<Parameter> Parameters { get; } =
    [
        new("chmpx-server-ctlport", "integer", 1000, 65535),
        new("chmpx-server-port", "integer", 1000, 65535),
        new("chmpx-slave-ctlport", "integer", 1000, 65535),
        new("cluster-name", "string"),
        new("extdata-url", "string"),
        new("http_proxy", "string"),
        new("https_proxy", "string"),
        new("no_proxy", "string"),
    ];

    public List<Datastore> Datastores { get; } =
    [
        new(Guid.NewGuid().ToString(), "k2hdkc", Guid.NewGuid().ToString(), "1.0.14", Clusters: true),
        new(Guid.NewGuid().ToString(), "postgresql", Guid.NewGuid().ToString(), "12.4", Clusters: false),
    ];

    public List<ConfigurationGroup> Configurations { get; } = [];

    public List<Instance> Instances { get; } = [];

    public List<Cluster> Clusters { get; } = [];

    public List<Backup> Backups { get; } = [];

    public List<BackupStrategy> Strategies { get; } = [];

    public IEnumerable<Instance> Members(Cluster cluster) => Instances.Where(i => i.Cluster == cluster);

    public Dictionary<string, int> Quotas(string projectId)
    {
        if (!_quotas.TryGetValue(projectId, out var quotas)) _quotas[projectId] = quotas = new Dictionary<string, int>(DefaultQuotas);
        return quotas;
    }

    public int Used(string projectId, string resource) => resource switch
    {
        "instances" => Instances.Count(i => i.ProjectId == projectId),
        "volumes" => Instances.Where(i => i.ProjectId == projectId).Sum(i => i.VolumeSize),
        "backups" => Backups.Count(b => b.ProjectId == projectId),
        _ => 0,
    };

    /// <summary>413 for what goes over a quota. Trove sends no Retry-After with it.</summary>
    public void Charge(string projectId, params (string Resource, int Wanted)[] wanted)
    {
        var quotas = Quotas(projectId);
        var over = wanted.Where(w => quotas[w.Resource] >= 0 && Used(projectId, w.Resource) + w.Wanted > quotas[w.Resource])
            .Select(w => $"'{w.Resource}'").ToList();
        if (over.Count > 0) throw new ApiFault(413, $"Quota exceeded for resources: [{string.Join(", ", over)}].");
    }

    /// <summary>A datastore and version as a request names them: unknown datastores are 404, unknown versions 400.</summary>
    public Datastore Datastore(string? type, string? version)
    {
        type ??= "k2hdkc";
        var found = Datastores.Find(d => d.Id == type || d.Name == type) ?? throw new ApiFault(404, $"Datastore '{type}' cannot be found.");
        return version is null || found.Version == version || found.VersionId == version
            ? found
            : throw new ApiFault(400, $"Datastore version '{version}' cannot be found.");
    }
}
