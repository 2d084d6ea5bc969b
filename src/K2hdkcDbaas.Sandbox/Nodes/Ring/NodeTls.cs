using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Protocol.Configuration;

namespace K2hdkcDbaas.Sandbox.Nodes.Ring;

/// <summary>TLS of one node: its certificate, and who a client has to be.</summary>
internal sealed class NodeTls : IDisposable
{
    private readonly X509Certificate2 _certificate;
    private readonly X509Certificate2Collection _authorities = [];
    private readonly bool _verifyPeer;

    private NodeTls(X509Certificate2 certificate, TlsSettings settings)
    {
        _certificate = certificate;
        _verifyPeer = settings.VerifyPeer;
    }

    /// <summary>Loads the files that a node's entry names.</summary>
    /// <exception cref="DbaasException">One of them cannot be read.</exception>
    public static NodeTls Load(TlsSettings settings)
    {
        try
        {
            using var made = X509Certificate2.CreateFromPemFile(settings.ServerCertificate, settings.ServerKey);
            // Through PKCS#12, since some systems cannot serve with a key that lives in memory only.
            var tls = new NodeTls(X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null), settings);
            if (File.Exists(settings.CaPath)) tls._authorities.ImportFromPemFile(settings.CaPath);
            else if (Directory.Exists(settings.CaPath))
                foreach (var file in Directory.EnumerateFiles(settings.CaPath, "*.crt")
                    .Concat(Directory.EnumerateFiles(settings.CaPath, "*.pem"))) tls._authorities.ImportFromPemFile(file);
            return tls;
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new DbaasException(
                ErrorKind.InvalidInput, "NodeCertificateUnusable",
                $"A node's TLS files cannot be used ({settings.ServerCertificate}, {settings.ServerKey}): {e.Message}",
                "Check SERVER_CERT, SERVER_PRIKEY and CAPATH of its SVRNODE section.", e);
        }
    }

    public async Task<Stream> AcceptAsync(Stream plain, CancellationToken ct)
    {
        var tls = new SslStream(plain);
        try
        {
            await tls.AuthenticateAsServerAsync(
                new SslServerAuthenticationOptions
                {
                    ServerCertificate = _certificate,
                    ClientCertificateRequired = _verifyPeer,
                    RemoteCertificateValidationCallback = (_, certificate, sent, _) => !_verifyPeer || IsTrusted(certificate, sent),
                },
                ct).ConfigureAwait(false);
            return tls;
        }
        catch
        {
            await tls.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public void Dispose()
    {
        _certificate.Dispose();
        foreach (var authority in _authorities) authority.Dispose();
    }

    private bool IsTrusted(X509Certificate? certificate, X509Chain? sent)
    {
        if (certificate is not X509Certificate2 presented) return false;
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(_authorities);
        // As OpenSSL does: the certificates between come from the client.
        if (sent is not null) chain.ChainPolicy.ExtraStore.AddRange(sent.ChainPolicy.ExtraStore);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build(presented);
    }
}
