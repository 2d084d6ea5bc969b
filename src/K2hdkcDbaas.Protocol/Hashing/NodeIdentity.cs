using System.Buffers;
using System.Globalization;
using System.Text;

namespace K2hdkcDbaas.Protocol.Hashing;

/// <summary>How a node's id (chmpxid) follows from who it is. Servers compute it too and refuse a joining node whose id differs.</summary>
public static class NodeIdentity
{
    /// <summary>No node.</summary>
    public const ulong None = ulong.MaxValue;

    /// <summary>The id of a node.</summary>
    /// <param name="type">What the ring makes ids from.</param>
    /// <param name="group">The ring's name, as configured.</param>
    /// <param name="host">The node's host name, as the servers know it.</param>
    /// <param name="controlPort">Its control port; -1 for none.</param>
    /// <param name="cuk">Its CUK, or empty.</param>
    /// <param name="customSeed">Its seed, or empty.</param>
    /// <param name="controlEndpoints">Its control endpoints, or none.</param>
    /// <exception cref="ArgumentException">The type asks for a CUK or a seed, and it is empty.</exception>
    public static ulong Compute(
        NodeIdType type, string group, string host, int controlPort, string cuk = "", string customSeed = "",
        IReadOnlyList<HostPort>? controlEndpoints = null) =>
        FromSeed(Seed(type, group, host, controlPort, cuk, customSeed, controlEndpoints));

    /// <summary>The text an id is hashed from.</summary>
    /// <inheritdoc cref="Compute"/>
    public static string Seed(
        NodeIdType type, string group, string host, int controlPort, string cuk = "", string customSeed = "",
        IReadOnlyList<HostPort>? controlEndpoints = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(group);
        switch (type)
        {
            case NodeIdType.Cuk:
                ArgumentException.ThrowIfNullOrEmpty(cuk);
                return $"{group}:{cuk}";
            case NodeIdType.Custom:
                ArgumentException.ThrowIfNullOrEmpty(customSeed);
                return $"{group}:{customSeed}";
            case NodeIdType.ControlEndpoints when controlEndpoints?.Any(e => e.Host.Length > 0) == true:
                return $"{group}:{string.Join(',', controlEndpoints.Where(e => e.Host.Length > 0))}";
            default:
                return $"{group}:{host}:{((ushort)controlPort).ToString("x", CultureInfo.InvariantCulture)}";
        }
    }

    /// <summary>The id that a seed text hashes to: low halves of the two hashes, never the value that means "none".</summary>
    /// <param name="seed">The seed text, see <see cref="Seed"/>.</param>
    public static ulong FromSeed(string seed)
    {
        ArgumentNullException.ThrowIfNull(seed);
        var bytes = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(seed.Length));
        var used = bytes.AsSpan(0, Encoding.UTF8.GetBytes(seed, bytes));
        var id = (K2hash.Hash(used) << 32) | (K2hash.SecondHash(used) & 0xFFFF_FFFF);
        ArrayPool<byte>.Shared.Return(bytes);
        return id == None ? None - 1 : id;
    }

    /// <summary>Where a node's message ids start: its id's upper half.</summary>
    /// <param name="nodeId">The node's id.</param>
    public static ulong MessageBase(ulong nodeId) => nodeId & 0xFFFF_FFFF_0000_0000;
}
