using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using K2hdkcDbaas.Client.Managed;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Protocol;
using K2hdkcDbaas.Protocol.Configuration;
using K2hdkcDbaas.Tests.Support;

namespace K2hdkcDbaas.Client.Tests;

/// <summary>The least TLS version that a configuration asks for.</summary>
public class TlsVersionTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("")]
    [InlineData("default")]
    [InlineData("TLSv1.2")]
    public async Task A_server_of_version_1_2_is_good_enough_unless_more_is_asked_for(string least)
    {
        var dialed = await DialAsync(least);
        await using var stream = (SslStream)dialed.Stream;
        Assert.Equal(SslProtocols.Tls12, stream.SslProtocol);
    }

    [Fact]
    public async Task A_server_below_the_version_asked_for_is_refused()
    {
        var fault = await Assert.ThrowsAnyAsync<DbaasException>(() => DialAsync("TLSv1.3"));
        Assert.Equal(K2hdkcErrors.TlsFailed, fault.ErrorId);
    }

    private static async Task<DialedStream> DialAsync(string least)
    {
        using var certificate = TestCertificates.Make("node");
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var serving = Task.Run(
            async () =>
            {
                var server = new SslStream((await listener.AcceptTcpClientAsync(Token)).GetStream());
                await server.AuthenticateAsServerAsync(
                    new SslServerAuthenticationOptions { ServerCertificate = certificate, EnabledSslProtocols = SslProtocols.Tls12 },
                    Token);
            },
            Token);
        try
        {
            var options = new K2hdkcClientOptions { SkipServerCertificateCheck = true, ConnectTimeout = TimeSpan.FromSeconds(30) };
            var address = new HostPort("127.0.0.1", ((IPEndPoint)listener.LocalEndpoint).Port);
            return await new TcpDialer(options).DialAsync(address, new TlsSettings { IsEnabled = true, MinimumVersion = least }, Token);
        }
        finally
        {
            await serving.ContinueWith(static _ => { }, TaskScheduler.Default);
        }
    }
}
