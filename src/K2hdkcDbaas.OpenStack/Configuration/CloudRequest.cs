using K2hdkcDbaas.Http;

namespace K2hdkcDbaas.OpenStack.Configuration;

/// <summary>
/// What a caller says about the cloud; the rest comes from clouds.yaml or the <c>OS_*</c> variables. Holds secrets: it is no record, so
/// that it never prints itself.
/// </summary>
public sealed class CloudRequest
{
    /// <summary>The cloud's name in clouds.yaml; null for <c>OS_CLOUD</c>, or for the file's only one.</summary>
    public string? Cloud { get; init; }

    /// <summary>The clouds.yaml to read; null for the search path.</summary>
    public string? File { get; init; }

    /// <summary>Keystone's address; with it, and without a cloud's name, no file is read.</summary>
    public string? AuthUrl { get; init; }

    /// <summary>The user's name.</summary>
    public string? UserName { get; init; }

    /// <summary>The user's id.</summary>
    public string? UserId { get; init; }

    /// <summary>The password.</summary>
    public string? Password { get; init; }

    /// <summary>The name or id of the user's domain; <c>default</c> is taken for the id that every Keystone has.</summary>
    public string? UserDomain { get; init; }

    /// <summary>The project's name.</summary>
    public string? ProjectName { get; init; }

    /// <summary>The project's id.</summary>
    public string? ProjectId { get; init; }

    /// <summary>The name or id of the project's domain.</summary>
    public string? ProjectDomain { get; init; }

    /// <summary>An application credential's id.</summary>
    public string? ApplicationCredentialId { get; init; }

    /// <summary>An application credential's name; needs the user.</summary>
    public string? ApplicationCredentialName { get; init; }

    /// <summary>An application credential's secret.</summary>
    public string? ApplicationCredentialSecret { get; init; }

    /// <summary>A ready Keystone token.</summary>
    public string? Token { get; init; }

    /// <summary>The region.</summary>
    public string? Region { get; init; }

    /// <summary>public, internal or admin.</summary>
    public string? Interface { get; init; }

    /// <summary>A PEM file of authorities to trust.</summary>
    public string? CaFile { get; init; }

    /// <summary>Whether certificates are checked.</summary>
    public bool? VerifyCertificates { get; init; }

    /// <summary>Time-outs and bounds; certificates come from the rest.</summary>
    public HttpSettings Http { get; init; } = new();
}
