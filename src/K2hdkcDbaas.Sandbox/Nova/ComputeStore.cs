namespace K2hdkcDbaas.Sandbox.Nova;

/// <summary>Nova's servers, flavors, key pairs and quotas. Callers hold <see cref="SandboxState.Gate"/>.</summary>
internal sealed class ComputeStore
{
    private readonly Dictionary<string, Dictionary<string, int>> _quotas = new(StringComparer.Ordinal);
    private int _number;

    public static IReadOnlyDictionary<string, int> DefaultQuotas { get; } = new Dictionary<string, int>
    {
        ["cores"] = 20,
        ["fixed_ips"] = -1,
        ["floating_ips"] = -1,
        ["injected_file_content_bytes"] = 10240,
        ["injected_file_path_bytes"] = 255,
        ["injected_files"] = 5,
        ["instances"] = 10,
        ["key_pairs"] = 100,
        ["metadata_items"] = 128,
        ["ram"] = 51200,
        ["security_group_rules"] = -1,
        ["security_groups"] = -1,
        ["server_group_members"] = 10,
        ["server_groups"] = 10,
    };

    /// <summary>lab.huge is over every quota; lab.nohost is within and fits on no host.</summary>
    public List<Flavor> Flavors { get; } =
    [
        new(Guid.NewGuid().ToString(), "lab.tiny", 64, 1, 1),
        new(Guid.NewGuid().ToString(), "lab.small", 512, 1, 5),
        new(Guid.NewGuid().ToString(), "lab.huge", 409600, 64, 100),
        new(Guid.NewGuid().ToString(), "lab.nohost", 64, 1, 100_000),
    ];

    public List<Server> Servers { get; } = [];

    public List<KeyPair> KeyPairs { get; } = [];

    public List<ServerGroup> Groups { get; } = [];

    public int NextNumber() => ++_number;

    public Dictionary<string, int> Quotas(string projectId)
    {
        if (!_quotas.TryGetValue(projectId, out var quotas)) _quotas[projectId] = quotas = new Dictionary<string, int>(DefaultQuotas);
        return quotas;
    }

    public void ResetQuotas(string projectId) => _quotas.Remove(projectId);

    public int Used(string projectId, string resource) => Servers.Where(s => s.ProjectId == projectId)
        .Sum(s => resource switch { "cores" => s.Flavor.Vcpus, "ram" => s.Flavor.Ram, _ => 1 });

    /// <summary>Refuses servers that go over a quota; the text names all that do, as Nova's does.</summary>
    public void Charge(string projectId, Flavor flavor, int count)
    {
        var quotas = Quotas(projectId);
        var over = new[] { ("cores", flavor.Vcpus * count), ("instances", count), ("ram", flavor.Ram * count) }
            .Select(w => (Name: w.Item1, Wanted: w.Item2, Used: Used(projectId, w.Item1), Limit: quotas[w.Item1]))
            .Where(w => w.Limit >= 0 && w.Used + w.Wanted > w.Limit)
            .ToList();
        if (over.Count == 0) return;
        var names = string.Join(", ", over.Select(o => o.Name));
        throw new ApiFault(403,
            $"Quota exceeded for {names}: Requested {string.Join(", ", over.Select(o => o.Wanted))}, but already used "
                + $"{string.Join(", ", over.Select(o => o.Used))} of {string.Join(", ", over.Select(o => o.Limit))} {names}");
    }
}
