using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace K2hdkcDbaas.Sandbox.Kubernetes.Pods;

/// <summary>The certificate that a pod of the Helm chart makes for itself with the CA's key.</summary>
internal static class NodeCertificate
{
    /// <summary>One certificate for server and client, with its key, as PEM.</summary>
    /// <exception cref="PodFailure">The CA's files cannot be used.</exception>
    public static (byte[] Certificate, byte[] Key) Sign(byte[] authority, byte[] authorityKey, string host, string domain,
        IPAddress address)
    {
        try
        {
            using var ca = X509Certificate2.CreateFromPem(Encoding.UTF8.GetString(authority), Encoding.UTF8.GetString(authorityKey));
            using var key = RSA.Create(2048);
            var request = new CertificateRequest($"C=JP, S=Tokyo, O=AntPickax, CN={host}", key, HashAlgorithmName.SHA256,
                RSASignaturePadding.Pkcs1);
            request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, false));
            request.CertificateExtensions.Add(
                new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyEncipherment, false));
            request.CertificateExtensions.Add(
                new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1"), new Oid("1.3.6.1.5.5.7.3.2")], false));
            var names = new SubjectAlternativeNameBuilder();
            names.AddDnsName($"{host}.{domain}");
            names.AddDnsName(domain);
            names.AddDnsName(host);
            names.AddIpAddress(address);
            request.CertificateExtensions.Add(names.Build());
            using var signed =
                request.Create(ca, ca.NotBefore > DateTime.Now.AddDays(-1) ? ca.NotBefore : DateTimeOffset.Now.AddDays(-1), ca.NotAfter,
                    RandomNumberGenerator.GetBytes(8));
            return (Encoding.UTF8.GetBytes(signed.ExportCertificatePem() + "\n"),
                Encoding.UTF8.GetBytes(key.ExportRSAPrivateKeyPem() + "\n"));
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw new PodFailure("the CA's certificate or key cannot be used: " + e.Message);
        }
    }
}
