namespace K2hdkcDbaas.Sandbox.K2hr3.Store;

/// <summary>A service that a tenant offers to others.</summary>
internal sealed class ServiceRecord(string owner)
{
    public string Owner { get; } = owner;

    /// <summary>URL to ask for a tenant's resources, the resources themselves, or null.</summary>
    public object? Verify { get; set; }

    /// <summary>Tenants that may use it.</summary>
    public SortedSet<string> Tenants { get; } = new(StringComparer.Ordinal);

    /// <summary>Whether a tenant may take it up.</summary>
    public bool IsOpenTo(string tenant) => tenant == Owner || Tenants.Contains(tenant);
}

/// <summary>Services by name.</summary>
internal sealed class ServiceStore
{
    private readonly SortedDictionary<string, ServiceRecord> _services = new(StringComparer.Ordinal);

    public ServiceRecord? Find(string name) => _services.GetValueOrDefault(name);

    public ServiceRecord Add(string name, string owner) => _services[name] = new ServiceRecord(owner);

    public void Remove(string name) => _services.Remove(name);

    /// <summary>The services that a tenant owns or may take up.</summary>
    public IEnumerable<KeyValuePair<string, ServiceRecord>> SeenBy(string tenant)
        => _services.Where(service => service.Value.IsOpenTo(tenant));
}
