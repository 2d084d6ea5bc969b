using System.Net;
using K2hdkcDbaas.OpenStack.Wire;

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

/// <summary>Nova's key pairs (/v2.1/os-keypairs); they belong to the user, not to the project.</summary>
public sealed class KeyPairsClient
{
    private readonly ServiceEndpoint _nova;

    internal KeyPairsClient(ServiceEndpoint nova) => _nova = nova;

    /// <summary>The user's key pairs.</summary>
    /// <param name="cancellationToken">Ends the request.</param>
    public async Task<IReadOnlyList<KeyPair>> ListAsync(CancellationToken cancellationToken) =>
        [.. (await _nova.GetAsync("/os-keypairs", ComputeJson.Default.KeyPairsReply, cancellationToken).ConfigureAwait(false)).Keypairs.Select(k => k.Keypair)];

    /// <summary>A key pair by its name.</summary>
    /// <param name="name">The name.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public async Task<KeyPair> GetAsync(string name, CancellationToken cancellationToken) =>
        (await _nova.GetAsync("/os-keypairs/" + ServiceEndpoint.Segment(name, "key pair"), ComputeJson.Default.KeyPairReply, cancellationToken).ConfigureAwait(false)).Keypair;

    /// <summary>Brings a public key.</summary>
    /// <param name="name">The name.</param>
    /// <param name="publicKey">The public key, one line of OpenSSH's form.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public async Task<KeyPair> CreateAsync(string name, string publicKey, CancellationToken cancellationToken) =>
        (await _nova.PostAsync("/os-keypairs", new KeyPairReply(new KeyPair(name) { PublicKey = publicKey }), ComputeJson.Default.KeyPairReply, ComputeJson.Default.KeyPairReply,
            [HttpStatusCode.OK, HttpStatusCode.Created], cancellationToken).ConfigureAwait(false)).Keypair;

    /// <summary>Deletes a key pair; servers that have it keep it.</summary>
    /// <param name="name">The name.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public Task DeleteAsync(string name, CancellationToken cancellationToken) =>
        _nova.SendAsync(HttpMethod.Delete, "/os-keypairs/" + ServiceEndpoint.Segment(name, "key pair"), [HttpStatusCode.Accepted, HttpStatusCode.NoContent], cancellationToken);
}
