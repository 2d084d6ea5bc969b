namespace K2hdkcDbaas.Protocol.Hashing;

/// <summary>
/// The hash functions of k2hash's default build (<c>FNV-1A BUILTIN</c>), which place keys on servers and make node ids.
/// A site that loads another hash library into its servers cannot be served; their state names the library in use.
/// </summary>
public static class K2hash
{
    /// <summary>What the servers' state calls these functions.</summary>
    public const string Version = "FNV-1A BUILTIN";

    private const ulong Basis = 14695981039346656037;
    private const ulong Prime = 1099511628211;

    /// <summary>The hash of a key; it chooses the key's server. Nothing hashes to 0, not to the FNV basis.</summary>
    /// <param name="bytes">The key as stored, a trailing NUL included.</param>
    public static ulong Hash(ReadOnlySpan<byte> bytes) => bytes.IsEmpty ? 0 : Fnv1a(bytes);

    /// <summary>The second hash: that of all bytes but the last.</summary>
    /// <param name="bytes">The bytes to hash.</param>
    public static ulong SecondHash(ReadOnlySpan<byte> bytes) => bytes.Length > 1 ? Fnv1a(bytes[..^1]) : Hash(bytes);

    // The C code reads through plain char: on x86 a byte of 0x80 or more enters sign-extended to 64 bits.
    private static ulong Fnv1a(ReadOnlySpan<byte> bytes)
    {
        var hash = Basis;
        foreach (var b in bytes) hash = (hash ^ (ulong)(sbyte)b) * Prime;
        return hash;
    }
}
