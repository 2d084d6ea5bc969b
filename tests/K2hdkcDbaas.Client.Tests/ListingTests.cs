using K2hdkcDbaas.Protocol.Control;
using K2hdkcDbaas.Protocol.Values;

namespace K2hdkcDbaas.Client.Tests;

public class ListingTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_answer_that_comes_after_all_does_not_end_the_next_listing()
    {
        await using var ring = new ScriptedRing(2);
        var server = ring.Servers[0];
        Stream? first = null;
        var (requests, late) = (0, 0);
        async Task SendAsync(Stream stream, ControlMessage message, ulong to) =>
            await stream.WriteAsync(message.ToFrame(server.Record.Id, to, DateTimeOffset.UtcNow), Token);
        server.OnControl = async (message, stream) =>
        {
            if (message is not OpaqueMessage { Type: ControlMessageType.RequestUpdateData } request) return false;
            var to = StoreListing.ReadRequest(request).Receiver;
            var end = StoreListing.ToResult(server.Record.Id, isComplete: true);
            switch (++requests)
            {
                case 1:
                    // Busy: the client gives it up, and asks again.
                    first = stream;
                    break;
                case 2:
                    await SendAsync(stream, end, to);
                    break;
                default:
                    try
                    {
                        await SendAsync(first!, end, to);
                        late++;
                    }
                    catch (Exception e) when (e is IOException or ObjectDisposedException)
                    {
                        // The client has left that connection.
                    }

                    // Longer than what a listing waits for behind its end.
                    await Task.Delay(TimeSpan.FromMilliseconds(600), Token);
                    foreach (var key in new[] { "a"u8.ToArray(), "b"u8.ToArray() })
                        await SendAsync(stream, StoreListing.ToElement(StoredCopy.Of(key), StoredTime.None), to);
                    await SendAsync(stream, end, to);
                    break;
            }

            return true;
        };
        var client = await ring.ConnectAsync(o => o with { HandshakeTimeout = TimeSpan.FromSeconds(1) });
        await using var _ = client;
        Assert.Equal(0, await client.Direct!.ListAsync(server.Record.Id, new StoreListing(), _ => { }, Token));
        Assert.Equal(2, await client.Direct!.ListAsync(server.Record.Id, new StoreListing(), _ => { }, Token));
        Assert.Equal((3, 0), (requests, late));
    }
}
