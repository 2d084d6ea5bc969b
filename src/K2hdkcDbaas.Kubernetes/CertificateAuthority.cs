using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using K2hdkcDbaas.Errors;

namespace K2hdkcDbaas.Kubernetes;

/// <summary>
/// The authority that signs a cluster's node certificates. Subjects, names and uses are those of <c>k2hr3 database-k8s</c>; keys never
/// touch a disk here.
/// </summary>
public sealed class CertificateAuthority : IDisposable
{
    /// <summary>The certificate's key in the Secret that keeps an authority.</summary>
    public const string CertificateKey = "tls.crt";

    /// <summary>The private key's key in that Secret.</summary>
    public const string PrivateKey = "tls.key";

    private const int KeySize = 2048;
    private const string ServerUse = "1.3.6.1.5.5.7.3.1";
    private const string ClientUse = "1.3.6.1.5.5.7.3.2";

    private readonly X509Certificate2 _certificate;
    private readonly TimeProvider _time;

    private CertificateAuthority(X509Certificate2 certificate, TimeProvider time) => (_certificate, _time) = (certificate, time);

    /// <summary>Its certificate as PEM.</summary>
    public string Pem => _certificate.ExportCertificatePem() + "\n";

    /// <summary>When it ends.</summary>
    public DateTimeOffset Expires => _certificate.NotAfter;

    /// <summary>Whether what a Secret holds is an authority that was kept here.</summary>
    /// <param name="held">What it holds.</param>
    public static bool IsKeptIn(IReadOnlyDictionary<string, byte[]> held)
    {
        ArgumentNullException.ThrowIfNull(held);
        return held.ContainsKey(CertificateKey) && held.ContainsKey(PrivateKey);
    }

    /// <summary>Makes one.</summary>
    /// <param name="domain">Its common name: the domain of the cluster's services.</param>
    /// <param name="lifetime">How long it is good.</param>
    /// <param name="time">The clock.</param>
    public static CertificateAuthority Create(string domain, TimeSpan lifetime, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        using var key = RSA.Create(KeySize);
        var request = new CertificateRequest(Subject(domain), key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        var id = new X509SubjectKeyIdentifierExtension(request.PublicKey, false);
        request.CertificateExtensions.Add(id);
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromSubjectKeyIdentifier(id));
        var now = Begin(time);
        return new CertificateAuthority(request.CreateSelfSigned(now, now + lifetime), time);
    }

    /// <summary>Reads one.</summary>
    /// <param name="certificate">Its certificate as PEM; what stands before the block is passed over.</param>
    /// <param name="key">Its private key as PEM.</param>
    /// <param name="source">Where they come from, for messages.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="DbaasException"><see cref="KubernetesErrorIds.AuthorityUnusable"/>.</exception>
    public static CertificateAuthority Load(string certificate, string key, string source, TimeProvider time)
    {
        try
        {
            var loaded = X509Certificate2.CreateFromPem(certificate, key);
            if (loaded.Extensions.OfType<X509BasicConstraintsExtension>().Any(b => b.CertificateAuthority))
                return new CertificateAuthority(loaded, time);
            loaded.Dispose();
            throw Unusable(source, "the certificate is not that of an authority", null);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw Unusable(source, e.Message, e);
        }
    }

    /// <summary>The authority's private key as PEM. A secret.</summary>
    public string ExportKey()
    {
        using var key = _certificate.GetRSAPrivateKey() ?? throw Unusable("the authority", "its key is not an RSA key", null);
        return key.ExportPkcs8PrivateKeyPem() + "\n";
    }

    /// <summary>
    /// The certificates and keys of one node, by their names in the cluster's Secret: under the pod's short name, as the command line
    /// writes them, and under its full name, which is what the command line's own scripts look for. Secrets.
    /// </summary>
    /// <param name="cluster">The cluster's name.</param>
    /// <param name="isServer">Whether it is a server.</param>
    /// <param name="ordinal">Its number.</param>
    /// <param name="space">The namespace.</param>
    /// <param name="lifetime">How long they are good; never longer than the authority.</param>
    public IReadOnlyDictionary<string, byte[]> Issue(string cluster, bool isServer, int ordinal, string space, TimeSpan lifetime) =>
        Issue(KubernetesNames.Host(cluster, isServer, ordinal), KubernetesNames.Service(cluster, isServer), space, [], lifetime);

    /// <summary>The certificates and keys of one pod, by its short and by its full name. Secrets.</summary>
    /// <param name="host">The pod's name with its Service's.</param>
    /// <param name="service">The Service's name.</param>
    /// <param name="space">The namespace.</param>
    /// <param name="more">More names and addresses that it is reached by.</param>
    /// <param name="lifetime">How long they are good; never longer than the authority.</param>
    public IReadOnlyDictionary<string, byte[]> Issue(string host, string service, string space, IReadOnlyList<string> more,
        TimeSpan lifetime)
    {
        ArgumentNullException.ThrowIfNull(more);
        var rest = $".{space}.{KubernetesNames.Domain}";
        string[] names = [host, host + rest, service, service + rest, .. more];
        var files = new Dictionary<string, byte[]>();
        // Making an RSA key takes longer than all the rest.
        var client = Task.Run(() => Sign(host, [], ClientUse, lifetime));
        var server = Sign(host, names, ServerUse, lifetime);
        foreach (var (kind, (certificate, key)) in new[] { ("server", server), ("client", client.GetAwaiter().GetResult()) })
        {
            foreach (var stem in (ReadOnlySpan<string>)[host, host + rest])
            {
                files[$"{stem}.{kind}.crt"] = Encoding.ASCII.GetBytes(certificate);
                files[$"{stem}.{kind}.key"] = Encoding.ASCII.GetBytes(key);
            }
        }

        return files;
    }

    /// <summary>A certificate with which this host can speak to the ring, and its key, as PEM. Secrets.</summary>
    /// <param name="name">Its common name.</param>
    /// <param name="lifetime">How long it is good.</param>
    public (string Certificate, string Key) IssueClient(string name, TimeSpan lifetime) => Sign(name, [], ClientUse, lifetime);

    /// <inheritdoc/>
    public void Dispose() => _certificate.Dispose();

    private static string Subject(string name) => $"C=JP, S=Tokyo, O=AntPickax, CN={name}";

    // Clocks of nodes may go a little behind.
    private static DateTimeOffset Begin(TimeProvider time)
    {
        var now = time.GetUtcNow().AddMinutes(-5);
        return new DateTimeOffset(now.Year, now.Month, now.Day, now.Hour, now.Minute, 0, TimeSpan.Zero);
    }

    private static DbaasException Unusable(string source, string why, Exception? cause) =>
        new(ErrorKind.InvalidInput, KubernetesErrorIds.AuthorityUnusable,
            $"The certificate authority of {source} cannot be used: {why.TrimEnd('.')}.",
            "Give a CA certificate and its RSA key as PEM files, the key without a pass phrase.", cause);

    private (string Certificate, string Key) Sign(string name, string[] hosts, string use, TimeSpan lifetime)
    {
        using var key = RSA.Create(KeySize);
        var request = new CertificateRequest(Subject(name), key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var isServer = use == ServerUse;
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, false));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(
            X509KeyUsageFlags.DigitalSignature | (isServer ? X509KeyUsageFlags.KeyEncipherment : X509KeyUsageFlags.KeyAgreement), false));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(use)], false));
        if (hosts.Length > 0)
        {
            var alternatives = new SubjectAlternativeNameBuilder();
            foreach (var host in hosts.Distinct())
            {
                if (IPAddress.TryParse(host, out var address)) alternatives.AddIpAddress(address);
                else alternatives.AddDnsName(host);
            }

            request.CertificateExtensions.Add(alternatives.Build());
        }

        var from = Begin(_time);
        if (from < _certificate.NotBefore) from = _certificate.NotBefore;
        var to = from + lifetime;
        if (to > _certificate.NotAfter) to = _certificate.NotAfter;
        if (to <= from)
            throw Unusable("the cluster",
                string.Create(CultureInfo.InvariantCulture, $"it has ended on {_certificate.NotAfter.ToUniversalTime():u}"), null);
        var serial = RandomNumberGenerator.GetBytes(12);
        serial[0] = (byte)((serial[0] & 0x7f) | 0x40);
        using var signed = request.Create(_certificate, from, to, serial);
        return (signed.ExportCertificatePem() + "\n", key.ExportPkcs8PrivateKeyPem() + "\n");
    }
}
