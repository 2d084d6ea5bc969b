using K2hdkcDbaas.Http;

namespace K2hdkcDbaas.OpenStack.Configuration;

/// <summary>All that is needed to speak to one cloud, from wherever it was read. Prints without secrets.</summary>
public sealed record CloudSettings
{
    /// <summary>The cloud's name in clouds.yaml, or null.</summary>
    public string? Name { get; init; }

    /// <summary>Keystone's address: its root or its /v3, with or without a trailing slash.</summary>
    public required Uri AuthUrl { get; init; }

    /// <summary>Who logs in.</summary>
    public required CloudCredential Credential { get; init; }

    /// <summary>The project to work in; null for what the credential itself is bound to.</summary>
    public ProjectScope? Scope { get; init; }

    /// <summary>The region; null when the catalog has only one.</summary>
    public string? Region { get; init; }

    /// <summary>Which endpoints of the catalog: <c>public</c>, <c>internal</c> or <c>admin</c>.</summary>
    public string Interface { get; init; } = "public";

    /// <summary>
    /// Addresses to use instead of the catalog's, by service type (<c>compute</c>, <c>image</c>, <c>network</c>, <c>database</c>,
    /// <c>identity</c>).
    /// </summary>
    public IReadOnlyDictionary<string, Uri> EndpointOverrides { get; init; } = new Dictionary<string, Uri>();

    /// <summary>Time-outs, bounds and certificates.</summary>
    public HttpSettings Http { get; init; } = new();

    /// <summary>The cloud's own texts in clouds.yaml, by key (not those of <c>auth</c>), and those below its <c>k2hdkc</c> as
    /// <c>k2hdkc.KEY</c>; for settings that OpenStack does not know.</summary>
    public IReadOnlyDictionary<string, string> Extras { get; init; } = new Dictionary<string, string>();

    /// <summary>What the caller should know of its file though it can be used, a sentence each.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}
