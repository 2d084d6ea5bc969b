namespace K2hdkcDbaas.Core.Model;

/// <summary>A K2HR3 system to be made. It holds a secret: no record, so that it never prints itself.</summary>
public sealed class NewK2hr3Deployment
{
    /// <summary>The OpenID Connect provider that users sign in with.</summary>
    public required Uri OidcIssuer { get; init; }

    /// <summary>The id by which the provider knows the system.</summary>
    public required string OidcClientId { get; init; }

    /// <summary>The secret of that id.</summary>
    public required string OidcClientSecret { get; init; }

    /// <summary>The member of tokens that names the user; null for the provider's usual one.</summary>
    public string? OidcUserNameKey { get; init; }

    /// <summary>The cookie that keeps the token in the user's browser.</summary>
    public string OidcCookieName { get; init; } = "id_token";

    /// <summary>How long the cookie lives, in seconds.</summary>
    public int OidcCookieExpire { get; init; } = 60;

    /// <summary>How many pods keep the data.</summary>
    public int DataCount { get; init; } = 2;

    /// <summary>How many pods run the REST API.</summary>
    public int ApiCount { get; init; } = 2;

    /// <summary>How many pods run the web application; 0 for none.</summary>
    public int AppCount { get; init; } = 2;

    /// <summary>The host by which the REST API is reached from outside.</summary>
    public string ApiHost { get; init; } = "localhost";

    /// <summary>The host by which the web application is reached from outside; null for that of the API.</summary>
    public string? AppHost { get; init; }

    /// <summary>The API's port on that host; null: Kubernetes chooses.</summary>
    public int? ApiNodePort { get; init; }

    /// <summary>The application's port on that host; null: Kubernetes chooses.</summary>
    public int? AppNodePort { get; init; }

    /// <summary>The size of a data pod's volume in GiB.</summary>
    public int VolumeSize { get; init; } = 10;

    /// <summary>The storage class of these volumes; null for the Kubernetes cluster's default one.</summary>
    public string? StorageClass { get; init; }

    /// <summary>Whether the data is kept in memory alone: it goes with the last pod.</summary>
    public bool InMemory { get; init; }

    /// <summary>Images by <c>init</c>, <c>chmpx</c>, <c>k2hdkc</c>, <c>api</c> and <c>app</c>; what is missing is the usual one.</summary>
    public IReadOnlyDictionary<string, string> Images { get; init; } = new Dictionary<string, string>();
}
