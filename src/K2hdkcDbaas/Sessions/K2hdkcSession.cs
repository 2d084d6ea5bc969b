using K2hdkcDbaas.Core.Sessions;

namespace K2hdkcDbaas.Sessions;

/// <summary>A session as users see it: who is connected to what, and no secret.</summary>
public sealed class K2hdkcSession
{
    internal K2hdkcSession(IDbaasSession inner) => Inner = inner;

    /// <summary>Its name, for <c>-Session</c>.</summary>
    public string Name => Inner.Name;

    /// <summary>Whether it is the one that commands of its runspace use when none is named.</summary>
    public bool Current { get; internal set; }

    /// <summary>The cloud's name in clouds.yaml; null without one.</summary>
    public string? Cloud => Inner.Cloud;

    /// <summary>Keystone's URL; null for a session with K2HR3 alone.</summary>
    public Uri? AuthUrl => Inner.AuthUrl;

    /// <summary>The project's name.</summary>
    public string? Project => Inner.Project;

    /// <summary>The project's id.</summary>
    public string? ProjectId => Inner.ProjectId;

    /// <summary>The user's name.</summary>
    public string? User => Inner.User;

    /// <summary>The region; null for the catalog's first.</summary>
    public string? Region => Inner.Region;

    /// <summary>How it logged in.</summary>
    public string Authentication => Inner.Authentication;

    /// <summary>How clusters are run where a command does not say.</summary>
    public string Backend => Inner.Backend;

    /// <summary>K2HR3's REST API; null when none is known.</summary>
    public Uri? K2hr3Uri => Inner.K2hr3Uri;

    /// <summary>The K2HR3 tenant.</summary>
    public string? Tenant => Inner.Tenant;

    /// <summary>When the present token ends, in UTC; it is renewed before.</summary>
    public DateTimeOffset? ExpiresAt => Inner.ExpiresAt;

    internal IDbaasSession Inner { get; }

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>
    /// Whether this is a session of the same user with the same project and region: a second one, which may have better settings, takes its
    /// place. Of sessions without a cloud K2HR3's address and tenant say so.
    /// </summary>
    internal bool IsLike(IDbaasSession other) =>
        (AuthUrl, ProjectId, User, Region) == (other.AuthUrl, other.ProjectId, other.User, other.Region)
        && (AuthUrl is not null || (K2hr3Uri, Tenant) == (other.K2hr3Uri, other.Tenant));

    internal bool HasName(string? name) => string.Equals(Name, name, StringComparison.OrdinalIgnoreCase);
}
