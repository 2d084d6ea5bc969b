using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using K2hdkcDbaas.Tests.Support;

namespace K2hdkcDbaas.Core.Tests.Sandboxed;

/// <summary>
/// TLS in front of a service of the sandbox, as a terminating proxy puts it there, with a certificate of an authority of its own.
/// </summary>
internal sealed class TlsFront : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _life = new();
    private readonly X509Certificate2 _authority;
    private readonly X509Certificate2 _certificate;
    private readonly int _behind;
    private readonly Task _running;

    public TlsFront(Uri service)
    {
        _behind = service.Port;
        _authority = TestCertificates.Make("test authority");
        _certificate = TestCertificates.Make("localhost", _authority);
        _listener.Start();
        _running = RunAsync();
    }

    public Uri Address => new($"https://localhost:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    /// <summary>The authority's certificate, as a file holds it.</summary>
    public string AuthorityPem => _authority.ExportCertificatePem();

    public async ValueTask DisposeAsync()
    {
        await _life.CancelAsync();
        _listener.Stop();
        await _running;
        _life.Dispose();
        _authority.Dispose();
        _certificate.Dispose();
    }

    private async Task RunAsync()
    {
        var serving = new List<Task>();
        try
        {
            while (true) serving.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_life.Token)));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or InvalidOperationException)
        {
            await Task.WhenAll(serving);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var front = client;
        using var back = new TcpClient();
        try
        {
            await using var tls = new SslStream(front.GetStream());
            await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _certificate }, _life.Token);
            await back.ConnectAsync(IPAddress.Loopback, _behind, _life.Token);
            await Task.WhenAny(tls.CopyToAsync(back.GetStream(), _life.Token), back.GetStream().CopyToAsync(tls, _life.Token));
        }
        catch (Exception e) when (e is IOException or System.Security.Authentication.AuthenticationException or OperationCanceledException
            or SocketException)
        {
            // A client that does not trust us hangs up.
        }
    }
}
