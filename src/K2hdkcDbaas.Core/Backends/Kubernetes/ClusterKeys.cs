using System.Text;
using K2hdkcDbaas.Core.Backends.Pods;
using K2hdkcDbaas.Core.Flows;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Http;
using K2hdkcDbaas.Kubernetes;
using K2hdkcDbaas.Protocol.Configuration;

namespace K2hdkcDbaas.Core.Backends.Kubernetes;

/// <summary>
/// The authority and certificates of clusters, and of K2HR3 itself. The authority's key is in a Secret that no pod mounts; for clusters of
/// the command line it is in that tool's folder, or is given.
/// </summary>
internal sealed class ClusterKeys(KubernetesConnection api, CommandLineFolder folder, Redactor redactor, TimeProvider time)
{
    private const string AuthorityName = CommandLineFolder.AuthorityName;

    private static readonly TimeSpan AuthorityLife = TimeSpan.FromDays(10 * 365);
    private static readonly TimeSpan NodeLife = TimeSpan.FromDays(5 * 365);

    /// <summary>The authority of a cluster to be made: a given one, that of its Secret, the command line's, or a new one.</summary>
    public async Task<CertificateAuthority> AuthorityOfNewAsync(string cluster, NodeTemplate? template,
        CancellationToken cancellationToken) =>
        await FindAsync(cluster, template, cancellationToken).ConfigureAwait(false)
            ?? CertificateAuthority.Create(KubernetesNames.Domain, AuthorityLife, time);

    /// <summary>What the Secret of an authority holds. A secret.</summary>
    public IReadOnlyDictionary<string, byte[]> Keep(CertificateAuthority authority)
    {
        var key = authority.ExportKey();
        redactor.Learn(key);
        return new Dictionary<string, byte[]>
        {
            [CertificateAuthority.CertificateKey] = Encoding.ASCII.GetBytes(authority.Pem),
            [CertificateAuthority.PrivateKey] = Encoding.ASCII.GetBytes(key)
        };
    }

    /// <summary>The authority that a Secret keeps; null when there is none.</summary>
    public async Task<CertificateAuthority?> LoadAsync(string secret, CancellationToken cancellationToken) =>
        await api.GetSecretAsync(secret, cancellationToken).ConfigureAwait(false) is { } kept
            && CertificateAuthority.IsKeptIn(kept)
            ? CertificateAuthority.Load(Encoding.UTF8.GetString(kept[CertificateAuthority.CertificateKey]),
                Encoding.UTF8.GetString(kept[CertificateAuthority.PrivateKey]), $"the Secret {secret}", time)
            : null;

    /// <summary>The certificates of nodes 0 to below a count that are not there yet. Secrets.</summary>
    public async Task<Dictionary<string, byte[]>> IssueAsync(CertificateAuthority authority, string cluster, bool isServer, int count,
        IReadOnlyDictionary<string, byte[]>? have)
    {
        var missing = Missing(cluster, isServer, count, have);
        // Making RSA keys is all that takes time here.
        var made = await Task.WhenAll(
            missing.Select(i => Task.Run(() => authority.Issue(cluster, isServer, i, api.Namespace, NodeLife)))).ConfigureAwait(false);
        return made.SelectMany(m => m).ToDictionary(m => m.Key, m => m.Value);
    }

    /// <summary>Gives nodes 0 to below a count their certificates where they have none.</summary>
    public async Task CompleteAsync(FlowRun run, string cluster, bool isServer, int count, NodeTemplate template)
    {
        var secret = KubernetesNames.Certificates(cluster);
        var have = await api.GetSecretAsync(secret, run.Token).ConfigureAwait(false)
            ?? throw NoSecret(cluster, secret);
        if (Missing(cluster, isServer, count, have).Count == 0) return;
        using var authority = await TrustedAsync(cluster, template, have, run.Token).ConfigureAwait(false);
        await api.AddToSecretAsync(secret, await IssueAsync(authority, cluster, isServer, count, have).ConfigureAwait(false),
            run.Token).ConfigureAwait(false);
    }

    /// <summary>Gives all nodes of a cluster new certificates.</summary>
    public async Task RenewAsync(string cluster, int servers, int slaves, NodeTemplate? template, CancellationToken cancellationToken)
    {
        var secret = KubernetesNames.Certificates(cluster);
        var have = await api.GetSecretAsync(secret, cancellationToken).ConfigureAwait(false) ?? throw NoSecret(cluster, secret);
        using var authority = await TrustedAsync(cluster, template, have, cancellationToken).ConfigureAwait(false);
        var made = await IssueAsync(authority, cluster, true, servers, null).ConfigureAwait(false);
        var ofSlaves = await IssueAsync(authority, cluster, false, slaves, null).ConfigureAwait(false);
        foreach (var (file, content) in ofSlaves) made[file] = content;
        await api.AddToSecretAsync(secret, made, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The authority of a cluster, and all that its Secret of certificates holds. Secrets.</summary>
    public async Task<(CertificateAuthority Authority, IReadOnlyDictionary<string, byte[]> Held)> OpenAsync(string cluster,
        CancellationToken cancellationToken)
    {
        var secret = KubernetesNames.Certificates(cluster);
        var have = await api.GetSecretAsync(secret, cancellationToken).ConfigureAwait(false) ?? throw NoSecret(cluster, secret);
        return (await TrustedAsync(cluster, null, have, cancellationToken).ConfigureAwait(false), have);
    }

    private static DbaasException NoSecret(string cluster, string secret) => new(ErrorKind.Conflict, ErrorIds.ClusterIncomplete,
        $"Cluster '{cluster}' has no Secret '{secret}' with its certificates.", "The same New-K2hdkcCluster makes what is missing.")
    { Target = cluster };

    private async Task<CertificateAuthority> TrustedAsync(string cluster, NodeTemplate? template, IReadOnlyDictionary<string, byte[]> have,
        CancellationToken cancellationToken)
    {
        var authority = await FindAsync(cluster, template, cancellationToken).ConfigureAwait(false)
            ?? throw new DbaasException(ErrorKind.InvalidInput, ErrorIds.ClusterIncomplete,
            $"Nodes of cluster '{cluster}' need certificates of its authority, whose key is not in Kubernetes: another tool has made "
                + $"the cluster.",
            $"Give -ClusterCaFile and -ClusterCaKeyFile: the command line keeps them as ca.crt and private/ca.key in '{folder.Root}' of "
                + "the machine it ran on.")
            { Target = cluster };
        if (have.TryGetValue(AuthorityName, out var trusted) && !IsTrusted(Encoding.UTF8.GetString(trusted), authority.Pem))
        {
            authority.Dispose();
            throw new DbaasException(ErrorKind.InvalidInput, KubernetesErrorIds.AuthorityUnusable,
                $"The given authority is not the one that the nodes of cluster '{cluster}' trust.",
                "Give the one that signed their certificates.")
            { Target = cluster };
        }

        return authority;
    }

    /// <summary>Adds the certificates with which this host speaks to a ring.</summary>
    public async Task<RingConfiguration> EquipAsync(string cluster, RingConfiguration ring, CancellationToken cancellationToken)
    {
        if (await api.GetSecretAsync(KubernetesNames.Certificates(cluster), cancellationToken).ConfigureAwait(false) is not { } held)
            return ring;
        var names = held.Keys.Where(k => k.EndsWith(".client.crt", StringComparison.Ordinal) && held.ContainsKey(k[..^4] + ".key"))
            .Order(StringComparer.Ordinal).ToList();
        if (!held.TryGetValue(AuthorityName, out var authority) || names.Count == 0) return ring;
        // A slave's, where there is one: that is what this host is to the ring.
        var (certificate, key) = (Encoding.UTF8.GetString(held[names[0]]), Encoding.UTF8.GetString(held[names[0][..^4] + ".key"]));
        redactor.Learn(key);
        return PodTls.Equip(ring, Encoding.UTF8.GetString(authority), certificate, key);
    }

    private static List<int> Missing(string cluster, bool isServer, int count, IReadOnlyDictionary<string, byte[]>? have) =>
        [.. Enumerable.Range(0, count).Where(i => have?.ContainsKey(KubernetesNames.Host(cluster, isServer, i) + ".server.crt") != true)];

    /// <summary>Whether an authority is among trusted ones, both as PEM.</summary>
    internal static bool IsTrusted(string trusted, string authority)
    {
        static string Body(string pem) => string.Concat(pem.Where(c => !char.IsWhiteSpace(c)));
        return Body(trusted).Contains(Body(authority), StringComparison.Ordinal);
    }

    private async Task<CertificateAuthority?> FindAsync(string cluster, NodeTemplate? template, CancellationToken cancellationToken)
    {
        if (KubernetesParameters.AuthorityFiles(template) is { } given) return Load(given.Certificate, given.Key);
        if (await LoadAsync(KubernetesNames.Authority(cluster), cancellationToken).ConfigureAwait(false) is { } kept) return kept;
        return File.Exists(folder.Authority) && File.Exists(folder.AuthorityKey) ? Load(folder.Authority, folder.AuthorityKey) : null;
    }

    private CertificateAuthority Load(string certificate, string key)
    {
        try
        {
            return CertificateAuthority.Load(File.ReadAllText(certificate), File.ReadAllText(key), certificate, time);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DbaasException(ErrorKind.InvalidInput, KubernetesErrorIds.AuthorityUnusable,
                $"The certificate authority cannot be read: {e.Message}", "Check the paths and their permissions.", e)
            { Target = certificate };
        }
    }
}
