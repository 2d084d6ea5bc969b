using K2hdkcDbaas.Templates;


namespace K2hdkcDbaas.Sandbox.K2hr3.Store;

/// <summary>A resource. One that was never set, but has children, has neither type nor keys.</summary>
internal sealed class ResourceRecord
{
    /// <summary>string or object; null until data was set.</summary>
    public string? Type { get; set; }

    /// <summary>The text, or the object as JSON text.</summary>
    public string? Data { get; set; }

    public TemplateMap? Keys { get; set; }

    public List<string>? Aliases { get; set; }

    public DateTimeOffset? Expires { get; set; }

    /// <summary>False for one that came into being by the removal of its data.</summary>
    public bool IsListed { get; set; }

    /// <summary>Whether it was set, or only came into being as the parent of one that was.</summary>
    public bool IsOwn { get; set; }

    /// <summary>How many policies and aliases name it; it cannot be removed before they are gone.</summary>
    public long References { get; set; }
}

/// <summary>A policy.</summary>
internal sealed class PolicyRecord
{
    public bool Allows { get; set; }

    public List<string> Actions { get; set; } = [];

    public List<string> Resources { get; set; } = [];

    public List<string>? Aliases { get; set; }

    public long References { get; set; }
}

/// <summary>A host of a role.</summary>
/// <param name="Name">Host name or address.</param>
/// <param name="Port">0 for any.</param>
/// <param name="Cuk">Key of the host on its cloud: the Nova instance id.</param>
internal sealed record HostRecord(string Name, int Port, string? Cuk)
{
    public string? Extra { get; init; }

    public string? Tag { get; init; }

    public string? InboundIp { get; init; }

    public string? OutboundIp { get; init; }

    /// <summary>Made anew with each registration; tokens issued to the host hang on it.</summary>
    public Guid Id { get; } = Guid.NewGuid();

    /// <summary>Hosts of a role are listed in the order of these.</summary>
    public string Key => $"{Name} {(Port == 0 ? "*" : Port)} {Cuk}";
}

/// <summary>A role. Hosts can be registered in one that was never made.</summary>
internal sealed class RoleRecord
{
    /// <summary>
    /// Set when the role is made. Tokens hang on it, so those of a role that was removed stay dead when it is made again.
    /// </summary>
    public Guid? Id { get; set; }

    public List<string> Policies { get; set; } = [];

    public List<string>? Aliases { get; set; }

    public long References { get; set; }

    public SortedDictionary<string, HostRecord> HostNames { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, HostRecord> Addresses { get; } = new(StringComparer.Ordinal);

    public List<string> Tokens { get; } = [];
}

/// <summary>A role token.</summary>
internal sealed record RoleToken(string Token, string Role, Guid RoleId, string Tenant, DateTimeOffset Date, DateTimeOffset Expires)
{
    /// <summary>The user who asked for it; null when a host did.</summary>
    public string? User { get; init; }

    /// <summary>The host that asked for it, by address; null when a user did.</summary>
    public HostRecord? Host { get; init; }
}

/// <summary>A user token that K2HR3 has handed out. It is a Keystone token as well.</summary>
internal sealed record UserToken(string Token, string User, Keystone.User KeystoneUser, Keystone.Project? Project, DateTimeOffset Expires)
{
    /// <summary>The tenant's name as K2HR3 has it: lower case.</summary>
    public string? Tenant => Project?.Name.ToLowerInvariant();
}
