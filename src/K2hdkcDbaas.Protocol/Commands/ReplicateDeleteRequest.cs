namespace K2hdkcDbaas.Protocol.Commands;

/// <summary>Repeats a deletion on another server (between servers only).</summary>
/// <param name="Hash">The key's hash.</param>
/// <param name="SecondHash">The key's second hash.</param>
/// <param name="Key">The key.</param>
public sealed record ReplicateDeleteRequest(ulong Hash, ulong SecondHash, ReadOnlyMemory<byte> Key) : CommandRequest
{
    internal const int Fixed = 88;

    /// <inheritdoc/>
    public override CommandType Command => CommandType.ReplicateDelete;

    /// <summary>When it was deleted: seconds since 1970.</summary>
    public ulong Seconds { get; init; }

    /// <summary>And nanoseconds within the second.</summary>
    public ulong Nanoseconds { get; init; }

    /// <inheritdoc/>
    public override ReadOnlyMemory<byte> RoutingKey => Key;

    /// <inheritdoc/>
    public override ulong RoutingHash => Hash;

    internal override int FixedSize => Fixed;

    internal override long DataSize => Key.Length;

    internal static ReplicateDeleteRequest Read(ref PayloadReader r)
    {
        var hash = r.UInt64();
        var secondHash = r.UInt64();
        var key = r.Data();
        var seconds = r.UInt64();
        var nanoseconds = r.UInt64();
        return new ReplicateDeleteRequest(hash, secondHash, key) { Seconds = seconds, Nanoseconds = nanoseconds };
    }

    internal override void WriteFields(ref PayloadWriter writer)
    {
        writer.UInt64(Hash);
        writer.UInt64(SecondHash);
        writer.Data(Key);
        writer.UInt64(Seconds);
        writer.UInt64(Nanoseconds);
    }
}
