using System.Collections.Concurrent;
using System.Text;
using K2hdkcDbaas.Core.Backends.Pods;
using K2hdkcDbaas.Http;
using K2hdkcDbaas.Kubernetes;
using K2hdkcDbaas.Protocol.Configuration;

namespace K2hdkcDbaas.Core.Backends.Helm;

/// <summary>
/// The certificate with which this host speaks to a ring of the chart: made here with the authority's key, as each of the chart's pods
/// makes its own.
/// </summary>
internal sealed class HelmCertificates(KubernetesConnection api, Redactor redactor, TimeProvider time)
{
    private const string Name = "k2hdkcdbaas";

    private static readonly TimeSpan Life = TimeSpan.FromDays(1);
    private static readonly TimeSpan Use = TimeSpan.FromHours(12);

    // Making a key takes a moment; an authority's certificate is good for many.
    private readonly ConcurrentDictionary<string, (string Certificate, string Key, long Made)> _made = new(StringComparer.Ordinal);

    /// <summary>Adds the certificate; the ring stays as it is where the authority's key is not to be had.</summary>
    public async Task<RingConfiguration> EquipAsync(string cluster, RingConfiguration ring, CancellationToken cancellationToken)
    {
        var sets = await api.GetSetsAsync(cancellationToken).ConfigureAwait(false);
        if (sets.FirstOrDefault(s => s.Cluster == cluster && s.AuthoritySecret is not null)?.AuthoritySecret is not { } secret) return ring;
        var held = await api.GetSecretAsync(secret, cancellationToken).ConfigureAwait(false);
        var authority = held?.FirstOrDefault(h => h.Key.EndsWith("_CA.crt", StringComparison.Ordinal)).Value;
        var key = held?.FirstOrDefault(h => h.Key.EndsWith("_CA.key", StringComparison.Ordinal)).Value;
        if (authority is null || key is null) return ring;
        var trusted = Encoding.UTF8.GetString(authority);
        if (!_made.TryGetValue(trusted, out var own) || time.GetElapsedTime(own.Made) > Use)
        {
            using var signer = CertificateAuthority.Load(trusted, Encoding.UTF8.GetString(key), $"the Secret {secret}", time);
            var (certificate, privateKey) = signer.IssueClient(Name, Life);
            redactor.Learn(privateKey);
            _made[trusted] = own = (certificate, privateKey, time.GetTimestamp());
        }

        return PodTls.Equip(ring, trusted, own.Certificate, own.Key);
    }
}
