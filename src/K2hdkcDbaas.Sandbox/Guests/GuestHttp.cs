using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace K2hdkcDbaas.Sandbox.Guests;

/// <summary>A guest's network: requests leave from the guest's own address, so that services see who asks.</summary>
internal sealed class GuestHttp : IDisposable
{
    private const int MaxAnswer = 1024 * 1024;

    private readonly HttpClient _http;
    private readonly string _address;
    private readonly bool _isOwn;

    public GuestHttp(string address, string program = "Cloud-Init/24.1.3")
    {
        _address = address;
        _isOwn = IPAddress.TryParse(address, out var own) && IPAddress.IsLoopback(own);
        var handler = new SocketsHttpHandler { UseProxy = false, UseCookies = false, ConnectTimeout = TimeSpan.FromSeconds(5) };
        if (_isOwn)
        {
            handler.ConnectCallback = (context, ct) => ConnectFromAsync(own!, context.DnsEndPoint, ct);
        }

        _http = new HttpClient(handler) { Timeout = TimeSpan.FromSeconds(10) };
        _http.DefaultRequestHeaders.Add("User-Agent", program);
    }

    /// <summary>Sends a request and reads at most a megabyte of its answer, unpacked.</summary>
    /// <exception cref="HttpRequestException">No answer, or too long a one.</exception>
    public Task<(int Status, string Text)> SendAsync(HttpMethod method, Uri uri, string? roleToken, CancellationToken ct)
        => SendAsync(method, uri, roleToken is null ? null : "R=" + roleToken, null, ct);

    /// <summary>Sends a request with a token as it stands in x-auth-token, and a JSON body.</summary>
    /// <exception cref="HttpRequestException">No answer, or too long a one.</exception>
    public async Task<(int Status, string Text)> SendAsync(HttpMethod method, Uri uri, string? token, string? json, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(method, uri);
        if (token is not null)
        {
            request.Headers.TryAddWithoutValidation("x-auth-token", token);
        }

        if (json is not null)
        {
            request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        }

        if (!_isOwn)
        {
            // This machine cannot send from the guest's address; a trusted proxy's word stands for it.
            request.Headers.TryAddWithoutValidation("X-Forwarded-For", _address);
        }

        try
        {
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct).ConfigureAwait(false);
            var stream = await response.Content.ReadAsStreamAsync(ct).ConfigureAwait(false);
            await using (stream.ConfigureAwait(false))
            {
                return ((int)response.StatusCode, Unpack(await ReadAsync(stream, ct).ConfigureAwait(false)));
            }
        }
        catch (Exception e)
            when (e is IOException or InvalidDataException or NotSupportedException
                || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            throw new HttpRequestException(e is OperationCanceledException ? "timed out" : e.Message, e);
        }
    }

    public void Dispose() => _http.Dispose();

    /// <summary>Text of bytes that may be packed with gzip.</summary>
    public static string Unpack(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length < 2 || bytes.Span[0] != 0x1f || bytes.Span[1] != 0x8b)
        {
            return Encoding.UTF8.GetString(bytes.Span);
        }

        using var zip = new GZipStream(new MemoryStream(bytes.ToArray()), CompressionMode.Decompress);
        var kept = new byte[MaxAnswer];
        return Encoding.UTF8.GetString(kept, 0, zip.ReadAtLeast(kept, kept.Length, throwOnEndOfStream: false));
    }

    private static async ValueTask<Stream> ConnectFromAsync(IPAddress own, DnsEndPoint target, CancellationToken ct)
    {
        var socket = new Socket(own.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            socket.Bind(new IPEndPoint(own, 0));
            await socket.ConnectAsync(target, ct).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static async Task<byte[]> ReadAsync(Stream stream, CancellationToken ct)
    {
        var kept = new MemoryStream();
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await stream.ReadAsync(buffer, ct).ConfigureAwait(false)) > 0)
        {
            kept.Write(buffer, 0, read);
            if (kept.Length > MaxAnswer)
            {
                throw new HttpRequestException("the answer is too long");
            }
        }

        return kept.ToArray();
    }
}
