using System.Buffers.Binary;
using K2hdkcDbaas.Protocol.Frames;
using K2hdkcDbaas.Protocol.Ring;

namespace K2hdkcDbaas.Protocol.Values;

/// <summary>The state of a server and its store, as K2HDKC's state command tells it (DKC_NODESTATE, K2HSTATE). All little-endian.</summary>
public sealed record NodeState
{
    /// <summary>Bytes of a state.</summary>
    public const int Size = 1333;

    private const int VersionLength = 8;
    private const int LibraryLength = 32;
    private const int Store = 1049;

    /// <summary>The server's id.</summary>
    public ulong NodeId { get; init; }

    /// <summary>Its host name.</summary>
    public string Name { get; init; } = "";

    /// <summary>Its slot in the present ring.</summary>
    public ulong BaseSlot { get; init; } = ServerRecord.NoSlot;

    /// <summary>Its slot in the ring after the merge.</summary>
    public ulong PendingSlot { get; init; } = ServerRecord.NoSlot;

    /// <summary>The store's file format, such as <c>K2H V2</c>.</summary>
    public string StoreVersion { get; init; } = "";

    /// <summary>The hash library in use; this product serves <see cref="Hashing.K2hash.Version"/> only.</summary>
    public string HashVersion { get; init; } = "";

    /// <summary>The transaction library in use.</summary>
    public string TransactionVersion { get; init; } = "";

    /// <summary>Threads for transactions.</summary>
    public int TransactionPoolCount { get; init; }

    /// <summary>Largest mask of the key index.</summary>
    public ulong MaxMask { get; init; }

    /// <summary>Smallest mask of the key index.</summary>
    public ulong MinMask { get; init; }

    /// <summary>Present mask of the key index.</summary>
    public ulong CurrentMask { get; init; }

    /// <summary>Mask of the collision index.</summary>
    public ulong CollisionMask { get; init; }

    /// <summary>Elements of one index place before the index grows.</summary>
    public ulong MaxElementCount { get; init; }

    /// <summary>Bytes of the whole store.</summary>
    public ulong TotalSize { get; init; }

    /// <summary>Bytes of a page.</summary>
    public ulong PageSize { get; init; }

    /// <summary>Bytes of the store's file.</summary>
    public ulong FileSize { get; init; }

    /// <summary>Bytes in use.</summary>
    public ulong TotalUsedSize { get; init; }

    /// <summary>Bytes mapped.</summary>
    public ulong TotalMapSize { get; init; }

    /// <summary>Bytes of all elements.</summary>
    public ulong TotalElementSize { get; init; }

    /// <summary>Bytes of all pages.</summary>
    public ulong TotalPageSize { get; init; }

    /// <summary>Areas the store may have.</summary>
    public long TotalAreaCount { get; init; }

    /// <summary>All elements.</summary>
    public long TotalElementCount { get; init; }

    /// <summary>All pages.</summary>
    public long TotalPageCount { get; init; }

    /// <summary>Areas in use.</summary>
    public long AssignedAreaCount { get; init; }

    /// <summary>Places of the key index in use.</summary>
    public long AssignedKeyCount { get; init; }

    /// <summary>Places of the collision index in use.</summary>
    public long AssignedCollisionKeyCount { get; init; }

    /// <summary>Elements in use: the number of keys.</summary>
    public long AssignedElementCount { get; init; }

    /// <summary>Pages in use.</summary>
    public long AssignedPageCount { get; init; }

    /// <summary>Elements made and free.</summary>
    public long UnassignedElementCount { get; init; }

    /// <summary>Pages made and free.</summary>
    public long UnassignedPageCount { get; init; }

    /// <summary>When a key was last written.</summary>
    public DateTimeOffset LastUpdate { get; init; }

    /// <summary>When an area was last added.</summary>
    public DateTimeOffset LastAreaUpdate { get; init; }

    /// <summary>Reads a state.</summary>
    /// <param name="bytes">The data of a state reply.</param>
    /// <param name="state">The state.</param>
    /// <returns>False when there are too few bytes.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out NodeState state)
    {
        state = new NodeState();
        if (bytes.Length < Size) return false;
        var store = bytes[Store..];
        state = new NodeState
        {
            NodeId = U(bytes, 0),
            Name = WireFields.Text(bytes.Slice(8, WireFields.HostLength)),
            BaseSlot = U(bytes, 1033),
            PendingSlot = U(bytes, 1041),
            StoreVersion = WireFields.Text(store[..VersionLength]),
            HashVersion = WireFields.Text(store.Slice(8, LibraryLength)),
            TransactionVersion = WireFields.Text(store.Slice(40, LibraryLength)),
            TransactionPoolCount = BinaryPrimitives.ReadInt32LittleEndian(store[72..]),
            MaxMask = U(store, 76),
            MinMask = U(store, 84),
            CurrentMask = U(store, 92),
            CollisionMask = U(store, 100),
            MaxElementCount = U(store, 108),
            TotalSize = U(store, 116),
            PageSize = U(store, 124),
            FileSize = U(store, 132),
            TotalUsedSize = U(store, 140),
            TotalMapSize = U(store, 148),
            TotalElementSize = U(store, 156),
            TotalPageSize = U(store, 164),
            TotalAreaCount = (long)U(store, 172),
            TotalElementCount = (long)U(store, 180),
            TotalPageCount = (long)U(store, 188),
            AssignedAreaCount = (long)U(store, 196),
            AssignedKeyCount = (long)U(store, 204),
            AssignedCollisionKeyCount = (long)U(store, 212),
            AssignedElementCount = (long)U(store, 220),
            AssignedPageCount = (long)U(store, 228),
            UnassignedElementCount = (long)U(store, 236),
            UnassignedPageCount = (long)U(store, 244),
            LastUpdate = Time(store, 252),
            LastAreaUpdate = Time(store, 268),
        };
        return true;
    }

    /// <summary>The state's bytes.</summary>
    public byte[] ToArray()
    {
        var bytes = new byte[Size];
        P(bytes, 0, NodeId);
        WireFields.PutText(bytes.AsSpan(8, WireFields.HostLength), Name, "server name");
        P(bytes, 1033, BaseSlot);
        P(bytes, 1041, PendingSlot);
        var store = bytes.AsSpan(Store);
        WireFields.PutText(store[..VersionLength], StoreVersion, "store version");
        WireFields.PutText(store.Slice(8, LibraryLength), HashVersion, "hash version");
        WireFields.PutText(store.Slice(40, LibraryLength), TransactionVersion, "transaction version");
        BinaryPrimitives.WriteInt32LittleEndian(store[72..], TransactionPoolCount);
        ReadOnlySpan<ulong> numbers =
        [
            MaxMask, MinMask, CurrentMask, CollisionMask, MaxElementCount, TotalSize, PageSize, FileSize, TotalUsedSize, TotalMapSize,
            TotalElementSize, TotalPageSize,
            (ulong)TotalAreaCount, (ulong)TotalElementCount, (ulong)TotalPageCount, (ulong)AssignedAreaCount, (ulong)AssignedKeyCount,
            (ulong)AssignedCollisionKeyCount,
            (ulong)AssignedElementCount, (ulong)AssignedPageCount, (ulong)UnassignedElementCount, (ulong)UnassignedPageCount,
        ];
        for (var i = 0; i < numbers.Length; i++) P(store, 76 + (i * 8), numbers[i]);
        PutTime(store, 252, LastUpdate);
        PutTime(store, 268, LastAreaUpdate);
        return bytes;
    }

    private static ulong U(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadUInt64LittleEndian(bytes[offset..]);

    private static void P(Span<byte> bytes, int offset, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(bytes[offset..], value);

    private static DateTimeOffset Time(ReadOnlySpan<byte> bytes, int offset)
    {
        var seconds = Math.Clamp((long)U(bytes, offset), 0, 253402300799);
        return DateTimeOffset.FromUnixTimeSeconds(seconds).AddMicroseconds(Math.Clamp((long)U(bytes, offset + 8), 0, 999_999));
    }

    private static void PutTime(Span<byte> bytes, int offset, DateTimeOffset time)
    {
        if (time == default) return;
        P(bytes, offset, (ulong)time.ToUnixTimeSeconds());
        P(bytes, offset + 8, (ulong)(time.UtcTicks % TimeSpan.TicksPerSecond / TimeSpan.TicksPerMicrosecond));
    }
}
