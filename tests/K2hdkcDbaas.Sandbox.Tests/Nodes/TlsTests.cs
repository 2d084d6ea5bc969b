using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using K2hdkcDbaas.Protocol.Control;
using K2hdkcDbaas.Protocol.Frames;
using K2hdkcDbaas.Sandbox.Nodes;
using K2hdkcDbaas.Tests.Support;

namespace K2hdkcDbaas.Sandbox.Tests.Nodes;

/// <summary>Nodes whose configuration says SSL: TLS from the first byte on PORT, with or without a certificate of the slave.</summary>
public sealed class TlsTests
{
    [Theory]
    [InlineData(false, false, true)]
    [InlineData(true, true, true)]
    [InlineData(true, false, false)]
    public async Task A_slave_speaks_TLS_and_shows_a_certificate_where_one_is_asked_for(bool verifyPeer, bool hasCertificate,
        bool isAnswered)
    {
        var ct = TestRings.Limit();
        var folder = Directory.CreateTempSubdirectory("k2hdkc-nodes-");
        try
        {
            using var certificate = TestCertificates.Make("node");
            var pem = Path.Combine(folder.FullName, "node.crt");
            var key = Path.Combine(folder.FullName, "node.key");
            await File.WriteAllTextAsync(pem, certificate.ExportCertificatePem(), ct);
            await File.WriteAllTextAsync(key, certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem(), ct);
            var lines = $"SSL = yes\nSSL_VERIFY_PEER = {(verifyPeer ? "yes" : "no")}\nCAPATH = {pem}\nSERVER_CERT = {pem}\nSERVER_PRIKEY = "
                + $"{key}\n";
            await using var ring = await SandboxRing.StartAsync(new SandboxRingOptions { Servers = 1, ServerLines = lines }, ct);

            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, ring.PortOf(0), ct);
            await using var tls = new SslStream(client.GetStream(), false, (_, shown, _, _) => shown?.Subject == "CN=node");
            Assert.Equal(isAnswered, await IsVersionAnsweredAsync(tls, hasCertificate ? certificate : null, ct));
            Assert.Contains("SSL Connection        = yes", await TestRings.OrderAsync(ring, 0, "SELFSTATUS", ct), StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<bool> IsVersionAnsweredAsync(SslStream tls, X509Certificate2? certificate, CancellationToken ct)
    {
        try
        {
            await tls.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions { TargetHost = "node", ClientCertificates = certificate is null ? null : [certificate] },
                ct);
            await tls.WriteAsync(new EmptyMessage(ControlMessageType.VersionRequest).ToFrame(1, 2, DateTimeOffset.UtcNow), ct);
            var head = new byte[FrameHeader.Size];
            await tls.ReadExactlyAsync(head, ct);
            return FrameHeader.Read(head, 1 << 20).PayloadLength == 112;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
