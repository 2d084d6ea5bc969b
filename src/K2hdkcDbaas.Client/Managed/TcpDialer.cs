using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Protocol;
using K2hdkcDbaas.Protocol.Configuration;

namespace K2hdkcDbaas.Client.Managed;

/// <summary>Dials servers over TCP, with TLS from the first byte where a server has it.</summary>
internal sealed class TcpDialer(K2hdkcClientOptions options) : IDialer
{
    // As chmpx sets them: an idle minute, then three probes ten seconds apart.
    private const int KeepAliveSeconds = 60;
    private const int KeepAliveIntervalSeconds = 10;
    private const int KeepAliveProbes = 3;

    public async Task<DialedStream> DialAsync(HostPort address, TlsSettings tls, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var timer = options.TimeProvider.CreateTimer(_ => limit.Cancel(), null, options.ConnectTimeout, Timeout.InfiniteTimeSpan);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        Stream? stream = null;
        try
        {
            socket.NoDelay = true;
            var place = options.Configuration?.Route?.Invoke(address) ?? address;
            await socket.ConnectAsync(place.Host, place.Port, limit.Token).ConfigureAwait(false);
            KeepAlive(socket);
            stream = new NetworkStream(socket, ownsSocket: true);
            if (tls.IsEnabled) stream = await SecureAsync(stream, address, tls, limit.Token).ConfigureAwait(false);
            return new DialedStream(stream, (socket.LocalEndPoint as IPEndPoint)?.Address);
        }
        catch (Exception e)
        {
            if (stream is not null) await stream.DisposeAsync().ConfigureAwait(false);
            socket.Dispose();
            cancellationToken.ThrowIfCancellationRequested();
            throw Fault(address, tls, e);
        }
    }

    private static void KeepAlive(Socket socket)
    {
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, KeepAliveSeconds);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, KeepAliveIntervalSeconds);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, KeepAliveProbes);
    }

    private static bool IsTrusted(X509Certificate? certificate, X509Chain? given, SslPolicyErrors errors,
        X509Certificate2Collection? authorities)
    {
        if (certificate is null) return false;
        if (authorities is null) return errors == SslPolicyErrors.None;
        // A ring's own authority signs its nodes' certificates; their names need not be those that we dial.
        using var chain = new X509Chain();
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        foreach (var element in given?.ChainElements ?? Enumerable.Empty<X509ChainElement>())
            chain.ChainPolicy.ExtraStore.Add(element.Certificate);
        using var copy = X509CertificateLoader.LoadCertificate(certificate.GetRawCertData());
        return chain.Build(copy);
    }

    // What a back end hands over from its own store is the text itself: keys need not touch the disk.
    private static bool IsPem(string text) => text.Contains("-----BEGIN ", StringComparison.Ordinal);

    private static X509Certificate2Collection? Authorities(string path)
    {
        if (path.Length == 0) return null;
        var authorities = new X509Certificate2Collection();
        if (IsPem(path))
        {
            authorities.ImportFromPem(path);
            return authorities;
        }

        foreach (var file in Directory.Exists(path) ? Directory.EnumerateFiles(path) : [path])
        {
            // A folder of authorities also holds other files, and links by hash to the same ones.
            if (file != path && !File.ReadAllText(file).Contains("-----BEGIN CERTIFICATE-----", StringComparison.Ordinal)) continue;
            authorities.ImportFromPemFile(file);
        }

        return authorities;
    }

    private static DbaasException Fault(HostPort address, TlsSettings tls, Exception cause) => cause switch
    {
        DbaasException known => known,
        AuthenticationException or CryptographicException => new DbaasException(
            ErrorKind.Forbidden, K2hdkcErrors.TlsFailed, $"TLS with the server {address} failed: {cause.Message}",
            "Give the ring's CA file (CAPATH) and, where the ring asks for client certificates, SLAVE_CERT and SLAVE_PRIKEY.", cause)
        { Service = address.ToString() },
        FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException => new DbaasException(
            ErrorKind.InvalidInput, K2hdkcErrors.TlsFailed,
            $"A certificate or key for the server {address} cannot be read: {cause.Message}",
            "Check the paths: CAPATH, SLAVE_CERT and SLAVE_PRIKEY are files of this host.", cause)
        { Service = address.ToString() },
        // A server that wants a client certificate and gets none ends the handshake or the first read.
        IOException when tls.IsEnabled => new DbaasException(
            ErrorKind.Forbidden, K2hdkcErrors.TlsFailed, $"The server {address} ended the TLS handshake: {cause.Message}",
            "Check the certificates, and that the server speaks TLS at all.", cause)
        { Service = address.ToString() },
        OperationCanceledException => new DbaasException(
            ErrorKind.Timeout, K2hdkcErrors.RingUnavailable, $"The server {address} did not accept a connection in time.",
            "Check that the server runs and that security groups and firewalls let this host reach its port.", cause)
        { Service = address.ToString() },
        _ => new DbaasException(
            ErrorKind.Unreachable, K2hdkcErrors.RingUnavailable, $"The server {address} cannot be reached: {cause.Message}",
            "Check that the server runs and that security groups and firewalls let this host reach its port.", cause)
        { Service = address.ToString() },
    };

    // chmpx's words for the least version; what is older than the system allows stays as the system has it.
    private static SslProtocols ProtocolsFrom(string least) => least.ToUpperInvariant() switch
    {
        "TLSV1.3" => SslProtocols.Tls13,
        "TLSV1.2" => SslProtocols.Tls12 | SslProtocols.Tls13,
        _ => SslProtocols.None,
    };

    private async Task<Stream> SecureAsync(Stream stream, HostPort address, TlsSettings tls, CancellationToken cancellationToken)
    {
        var authorities = options.SkipServerCertificateCheck ? null : Authorities(options.CaPath ?? tls.CaPath);
        var secured = new SslStream(stream, leaveInnerStreamOpen: false);
        var own = ClientCertificate(tls);
        try
        {
            await secured.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = address.Host,
                    ClientCertificateContext = own,
                    EnabledSslProtocols = ProtocolsFrom(tls.MinimumVersion),
                    CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
                    RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
                        options.SkipServerCertificateCheck || IsTrusted(certificate, chain, errors, authorities),
                },
                cancellationToken).ConfigureAwait(false);
            return secured;
        }
        catch
        {
            await secured.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    // With the certificates between it and the authority, which the file may hold too: a server need not have those.
    private SslStreamCertificateContext? ClientCertificate(TlsSettings tls)
    {
        var certificate = options.CertificatePath ?? tls.SlaveCertificate;
        if (certificate.Length == 0) return null;
        var key = options.CertificateKeyPath ?? tls.SlaveKey;
        var isPem = IsPem(certificate);
        var loaded = isPem
            ? X509Certificate2.CreateFromPem(certificate, key.Length == 0 ? certificate : key)
            : X509Certificate2.CreateFromPemFile(certificate, key.Length == 0 ? null : key);
        var chain = new X509Certificate2Collection();
        if (isPem) chain.ImportFromPem(certificate);
        else chain.ImportFromPemFile(certificate);
        if (!OperatingSystem.IsWindows()) return SslStreamCertificateContext.Create(loaded, chain, offline: true);
        // Windows' TLS takes no key that lives in memory only.
        using (loaded)
            return SslStreamCertificateContext.Create(X509CertificateLoader.LoadPkcs12(loaded.Export(X509ContentType.Pkcs12), null), chain,
                offline: true);
    }
}
