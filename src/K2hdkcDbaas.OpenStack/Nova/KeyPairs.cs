using K2hdkcDbaas.Http;
using Refit;

namespace K2hdkcDbaas.OpenStack.Nova;

/// <summary>An SSH key that Nova can put into servers.</summary>
/// <param name="Name">Its name.</param>
public sealed record KeyPair(string Name)
{
    /// <summary>The public key.</summary>
    public string? PublicKey { get; init; }

    /// <summary>The fingerprint.</summary>
    public string? Fingerprint { get; init; }
}

/// <summary>Nova's key pairs (Compute API reference, "Keypairs"); they belong to the user, not to the project.</summary>
internal interface IKeyPairs
{
    /// <summary>The user's key pairs, each under a member of its own.</summary>
    /// <param name="cancellationToken">Ends the request.</param>
    [Get("/os-keypairs")]
    Task<IReadOnlyList<KeyPairReply>> ListAllAsync(CancellationToken cancellationToken);

    /// <summary>A key pair by its name.</summary>
    /// <param name="name">The name.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    [Get("/os-keypairs/{name}")]
    Task<KeyPair> GetAsync(string name, CancellationToken cancellationToken);

    /// <summary>Brings a public key.</summary>
    /// <param name="keyPair">The name and the public key, one line of OpenSSH's form.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    [Post("/os-keypairs"), Headers(Call.Expect + "200,201")]
    Task<KeyPair> PostAsync([Body] KeyPair keyPair, CancellationToken cancellationToken);

    /// <summary>Deletes a key pair; servers that have it keep it.</summary>
    /// <param name="name">The name.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    [Delete("/os-keypairs/{name}"), Headers(Call.Expect + "202,204")]
    Task DeleteAsync(string name, CancellationToken cancellationToken);

    /// <summary>The user's key pairs.</summary>
    /// <param name="cancellationToken">Ends the request.</param>
    async Task<IReadOnlyList<KeyPair>> ListAsync(CancellationToken cancellationToken) =>
        [.. (await ListAllAsync(cancellationToken).ConfigureAwait(false)).Select(k => k.Keypair)];

    /// <summary>Brings a public key.</summary>
    /// <param name="name">The name.</param>
    /// <param name="publicKey">The public key, one line of OpenSSH's form.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    Task<KeyPair> CreateAsync(string name, string publicKey, CancellationToken cancellationToken) =>
        PostAsync(new KeyPair(name) { PublicKey = publicKey }, cancellationToken);
}
