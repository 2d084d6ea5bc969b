namespace K2hdkcDbaas.K2hr3;

/// <summary>K2HR3's names: <c>yrn:yahoo:SERVICE::TENANT:KIND:NAME</c>; the service is empty for ordinary things. Tenant and name are lower-case.</summary>
public static class Yrn
{
    /// <summary>The action of reading.</summary>
    public const string Read = "yrn:yahoo::::action:read";

    /// <summary>The action of writing.</summary>
    public const string Write = "yrn:yahoo::::action:write";

    /// <summary>The name of a role.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="name">The role, such as <c>mycluster/server</c>.</param>
    public static string Role(string tenant, string name) => Of(tenant, "role", name);

    /// <summary>The name of a policy.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="name">The policy.</param>
    public static string Policy(string tenant, string name) => Of(tenant, "policy", name);

    /// <summary>The name of a resource.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="name">The resource.</param>
    public static string Resource(string tenant, string name) => Of(tenant, "resource", name);

    /// <summary>The name behind the last kind of a yrn: <c>mycluster/server</c> of <c>yrn:yahoo:::demo:role:mycluster/server</c>; what is no yrn stays as it is.</summary>
    /// <param name="text">A yrn or a bare name.</param>
    public static string NameOf(string text) => text.Split(':', 7) is ["yrn", _, _, _, _, "role" or "policy" or "resource", var name] ? name : text;

    /// <summary>The tenant of a yrn; null for what is none.</summary>
    /// <param name="text">A full yrn.</param>
    public static string? TenantOf(string text) => text.Split(':', 7) is ["yrn", _, _, _, { Length: > 0 } tenant, _, _] ? tenant : null;

#pragma warning disable CA1308 // lower case is K2HR3's own normal form
    private static string Of(string tenant, string kind, string name) => $"yrn:yahoo:::{tenant.ToLowerInvariant()}:{kind}:{name.ToLowerInvariant()}";
#pragma warning restore CA1308
}
