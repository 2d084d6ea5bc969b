using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using K2hdkcDbaas.Errors;

namespace K2hdkcDbaas.Http;

/// <summary>
/// Makes the socket handler of a session: time-outs, certificates, and nothing followed or stored on its own. One habit of .NET's own
/// stays: a GET, PUT or DELETE whose connection closes before the first byte of the answer is sent again at once, up to three times; a POST
/// never is.
/// </summary>
internal static class TransportFactory
{
    /// <param name="settings">Time-outs and certificates.</param>
    /// <param name="proxy">The proxy for other machines; null for that of the system or the variables.</param>
    public static SocketsHttpHandler Create(HttpSettings settings, IWebProxy? proxy = null)
    {
        var tls = new SslClientAuthenticationOptions();
#pragma warning disable CA5359 // asked for by name: verify: false
        if (!settings.VerifyCertificates) tls.RemoteCertificateValidationCallback = (_, _, _, _) => true;
#pragma warning restore CA5359
        else if (settings.CaFile is { } ca) tls.CertificateChainPolicy = TrustOnly(ca);
        if (settings.ClientCertificateFile is { } certificate)
            tls.ClientCertificates = [LoadClientCertificate(certificate, settings.ClientKeyFile)];

        return new SocketsHttpHandler
        {
            ConnectTimeout = settings.ConnectTimeout,
            // A redirect could carry the token to another host; an address that has moved is told instead.
            AllowAutoRedirect = false,
            UseCookies = false,
            Proxy = new OutwardProxy(proxy ?? HttpClient.DefaultProxy),
            AutomaticDecompression = DecompressionMethods.GZip | DecompressionMethods.Deflate | DecompressionMethods.Brotli,
            // Long sessions must see a changed DNS record; idle connections die before a load balancer drops them silently.
            PooledConnectionLifetime = TimeSpan.FromMinutes(10),
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(50),
            SslOptions = tls,
        };
    }

    private static X509ChainPolicy TrustOnly(string file)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        Load(file, "CA file", () =>
        {
            policy.CustomTrustStore.ImportFromPemFile(file);
            if (policy.CustomTrustStore.Count == 0) throw new CryptographicException("There is no certificate in it.");
            return 0;
        });
        return policy;
    }

    private static X509Certificate2 LoadClientCertificate(string file, string? key) =>
        Load(file, "client certificate", () => X509Certificate2.CreateFromPemFile(file, key));

    private static T Load<T>(string file, string what, Func<T> load)
    {
        try
        {
            return load();
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new DbaasException(ErrorKind.InvalidInput, "CertificateFileUnusable", $"The {what} '{file}' cannot be used: {e.Message}",
                "Give the path of a readable PEM file.", e)
            { Target = file };
        }
    }
}
