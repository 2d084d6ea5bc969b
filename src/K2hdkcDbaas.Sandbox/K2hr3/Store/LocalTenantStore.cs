namespace K2hdkcDbaas.Sandbox.K2hr3.Store;

/// <summary>A tenant that K2HR3 keeps itself.</summary>
internal sealed class LocalTenant(string name)
{
    public string Name { get; } = name;

    public string Id { get; } = Guid.NewGuid().ToString();

    public required string Description { get; set; }

    public required string Display { get; set; }

    public SortedSet<string> Users { get; } = new(StringComparer.Ordinal);
}

/// <summary>Local tenants. Each has the prefix in its name and at least one user: the last one to leave takes it away.</summary>
internal sealed class LocalTenantStore
{
    public const string Prefix = "local@";

    private readonly SortedDictionary<string, LocalTenant> _tenants = new(StringComparer.Ordinal);

    public LocalTenant? Find(string name) => _tenants.GetValueOrDefault(name);

    /// <summary>The tenant if the id is its own and the user is one of its users.</summary>
    public LocalTenant? Find(string name, string id, string user) =>
        Find(name) is { } tenant && tenant.Id == id && tenant.Users.Contains(user) ? tenant : null;

    public IEnumerable<LocalTenant> Of(string user) => _tenants.Values.Where(tenant => tenant.Users.Contains(user));

    public void Add(LocalTenant tenant) => _tenants[tenant.Name] = tenant;

    /// <summary>Replaces a tenant's users; without any the tenant is gone.</summary>
    public void SetUsers(LocalTenant tenant, IEnumerable<string> users)
    {
        tenant.Users.Clear();
        tenant.Users.UnionWith(users);
        if (tenant.Users.Count == 0)
        {
            _tenants.Remove(tenant.Name);
        }
    }
}
