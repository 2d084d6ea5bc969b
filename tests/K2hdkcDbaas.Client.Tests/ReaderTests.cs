using K2hdkcDbaas.Client.Managed;
using K2hdkcDbaas.Protocol.Commands;
using K2hdkcDbaas.Protocol.Frames;

namespace K2hdkcDbaas.Client.Tests;

/// <summary>A connection's own reader, with what comes cut wherever it can be.</summary>
public class ReaderTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Replies_are_understood_wherever_the_network_cuts_them()
    {
        var replies = Reply(1, "first"u8.ToArray()).Concat(Reply(2, "second"u8.ToArray())).ToArray();
        for (var cut = 1; cut < replies.Length; cut++)
        {
            var (first, second, _) = await ReadAsync(replies, [cut]);
            Assert.Equal(("first", "second"), (StoredText.Decode(first.Data.Span), StoredText.Decode(second.Data.Span)));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_large_reply_is_understood_wherever_it_is_cut(bool isStreamed)
    {
        var value = new byte[80_000];
        new Random(3).NextBytes(value);
        var replies = Reply(1, value).Concat(Reply(2, "second"u8.ToArray())).ToArray();
        var end = replies.Length - Reply(2, "second"u8.ToArray()).Length;
        // Each cut around the head, around the end, and some in between.
        foreach (var cut in Enumerable.Range(1, 200).Concat(Enumerable.Range(1, 40).Select(i => i * 1999))
            .Concat(Enumerable.Range(end - 3, 130)))
        {
            var (first, second, streamed) = await ReadAsync(replies, [cut, 1, 7], isStreamed);
            Assert.True((isStreamed ? streamed : first.Data.ToArray()).AsSpan().SequenceEqual(value), $"cut {cut}");
            Assert.Equal("second", StoredText.Decode(second.Data.Span));
        }
    }

    private static byte[] Reply(uint message, byte[] value)
    {
        var reply = new CommandReply(CommandType.Get, ResultCode.Ok) { Data = value };
        var request = FrameHeader.ForRequest(7, message, 9, 0, 0, DateTimeOffset.UtcNow);
        return new Frame(FrameHeader.ForReply(request, 9, 1, reply.EncodedLength, DateTimeOffset.UtcNow), reply.ToArray()).ToArray();
    }

    /// <summary>Two calls, answered by bytes that come in pieces of the lengths given, then the rest.</summary>
    private static async Task<(CommandReply First, CommandReply Second, byte[] Streamed)> ReadAsync(byte[] replies, int[] pieces,
        bool isStreamed = false)
    {
        var options = new K2hdkcClientOptions { MaxInFlightPerServer = 2 };
        var stream = new PieceStream(replies, pieces);
        await using var connection =
            new ServerConnection("server", 7, stream, new PendingCalls(options.TimeProvider), options, (_, _) => { });
        using var target = new MemoryStream();
        var request = new GetRequest("k"u8.ToArray());
        var first = connection.CallAsync(request, 0, isStreamed ? new StreamedValue(target, null) : null, Token).AsTask();
        var second = connection.CallAsync(request, 0, null, Token).AsTask();
        connection.Start();
        return (await first, await second, target.ToArray());
    }

    private sealed class PieceStream(byte[] bytes, int[] pieces) : Stream
    {
        private readonly CancellationTokenSource _closed = new();
        private int _at;
        private int _piece;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_at == bytes.Length) await Task.Delay(Timeout.Infinite, _closed.Token);
            var length = Math.Min(Math.Min(buffer.Length, bytes.Length - _at), _piece < pieces.Length ? pieces[_piece++] : int.MaxValue);
            bytes.AsMemory(_at, length).CopyTo(buffer);
            _at += length;
            return length;
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            ValueTask.CompletedTask;

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            _closed.Cancel();
            base.Dispose(disposing);
        }
    }
}
