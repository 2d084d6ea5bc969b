using System.Net;
using System.Net.Sockets;
using System.Text;

namespace K2hdkcDbaas.Http.Tests;

/// <summary>A server on loopback that sends what it is told, byte for byte, and may hang up or fall silent after.</summary>
public sealed class RudeServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _life = new();
    private readonly Func<int, string?> _answer;
    private readonly Task _running;
    private readonly bool _keepAlive;
    private int _requests;

    /// <param name="answer">The raw answer to the n-th request (from 1); null says nothing and keeps the line open; empty hangs up.</param>
    /// <param name="keepAlive">Whether a connection lives on after an answer; otherwise it is closed.</param>
    public RudeServer(Func<int, string?> answer, bool keepAlive = false)
    {
        _answer = answer;
        _keepAlive = keepAlive;
        _listener.Start();
        _running = RunAsync();
    }

    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/");

    public int Requests => _requests;

    public async ValueTask DisposeAsync()
    {
        await _life.CancelAsync();
        _listener.Stop();
        await _running;
        _life.Dispose();
    }

    private async Task RunAsync()
    {
        var serving = new List<Task>();
        try
        {
            while (true) serving.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_life.Token)));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(serving);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var _ = client;
        try
        {
            var stream = client.GetStream();
            while (await ReadHeadAsync(stream))
            {
                var answer = _answer(Interlocked.Increment(ref _requests));
                if (answer is null) await Task.Delay(Timeout.Infinite, _life.Token);
                await stream.WriteAsync(Encoding.UTF8.GetBytes(answer!), _life.Token);
                if (!_keepAlive || answer!.Length == 0) return;
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // The test is over, or the client has gone.
        }
    }

    private async Task<bool> ReadHeadAsync(NetworkStream stream)
    {
        var request = new StringBuilder();
        var chunk = new byte[4096];
        while (!request.ToString().Contains("\r\n\r\n", StringComparison.Ordinal))
        {
            var count = await stream.ReadAsync(chunk, _life.Token);
            if (count == 0) return false;
            request.Append(Encoding.ASCII.GetString(chunk, 0, count));
        }
        return true;
    }
}
