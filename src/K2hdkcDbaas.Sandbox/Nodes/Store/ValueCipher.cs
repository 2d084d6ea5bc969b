using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace K2hdkcDbaas.Sandbox.Nodes.Store;

/// <summary>The encryption of values as k2hash writes it: AES-256-CBC with a key from the pass phrase, after a salted head.</summary>
internal static class ValueCipher
{
    private const int SaltSize = 8;
    private const int BlockSize = 16;
    private const int KeySize = 32;
    private const int Iterations = 1000;

    // A stored count is not trusted to keep the node busy.
    private const int MaxIterations = 1_000_000;

    private static readonly byte[] Prefix = "Salted__"u8.ToArray();

    private static readonly int HeadSize = Prefix.Length + SaltSize + BlockSize + BlockSize;

    /// <summary>The pass phrase as the servers take it: a C string, so it ends at the first NUL; null when there is none.</summary>
    public static byte[]? PassPhrase(ReadOnlyMemory<byte> bytes)
    {
        var span = bytes.Span;
        var end = span.IndexOf((byte)0);
        if (end >= 0) span = span[..end];
        return span.IsEmpty ? null : span.ToArray();
    }

    /// <summary>What the attribute of an encrypted key holds: base64 of the MD5 of the pass phrase, NUL-terminated.</summary>
    [SuppressMessage("Security", "CA5351", Justification = "The format of the real store.")]
    public static byte[] Digest(byte[] passPhrase) => Encoding.ASCII.GetBytes(Convert.ToBase64String(MD5.HashData(passPhrase)) + "\0");

    public static byte[] Encrypt(byte[] passPhrase, ReadOnlySpan<byte> plain)
    {
        using var aes = Aes.Create();
        var sealedValue = new byte[HeadSize + aes.GetCiphertextLengthCbc(plain.Length)];
        Prefix.CopyTo(sealedValue, 0);
        var salt = sealedValue.AsSpan(Prefix.Length, SaltSize);
        var iv = sealedValue.AsSpan(Prefix.Length + SaltSize, BlockSize);
        var count = sealedValue.AsSpan(Prefix.Length + SaltSize + BlockSize, BlockSize);
        RandomNumberGenerator.Fill(salt);
        RandomNumberGenerator.Fill(iv);
        RandomNumberGenerator.Fill(count);
        BinaryPrimitives.WriteInt32LittleEndian(count, Iterations);
        aes.Key = Rfc2898DeriveBytes.Pbkdf2(passPhrase, salt, Iterations, HashAlgorithmName.SHA512, KeySize);
        aes.EncryptCbc(plain, iv, sealedValue.AsSpan(HeadSize));
        return sealedValue;
    }

    /// <summary>The plain bytes, or null when the stored ones are not such a value or were sealed with another phrase.</summary>
    [SuppressMessage("Security", "CA5379", Justification = "The format of the real store.")]
    [SuppressMessage("Security", "CA5351", Justification = "The format of the real store.")]
    public static byte[]? Decrypt(byte[] passPhrase, ReadOnlySpan<byte> stored, bool isPbkdf2)
    {
        if (!stored.StartsWith(Prefix)) return null;
        var head = isPbkdf2 ? HeadSize : Prefix.Length + SaltSize;
        if (stored.Length <= head || (stored.Length - head) % BlockSize != 0) return null;
        var salt = stored.Slice(Prefix.Length, SaltSize);
        using var aes = Aes.Create();
        ReadOnlySpan<byte> iv;
        if (isPbkdf2)
        {
            iv = stored.Slice(Prefix.Length + SaltSize, BlockSize);
            var iterations = BinaryPrimitives.ReadInt32LittleEndian(stored[(Prefix.Length + SaltSize + BlockSize)..]);
            if (iterations is < 1 or > MaxIterations) return null;
            aes.Key = Rfc2898DeriveBytes.Pbkdf2(passPhrase, salt, iterations, HashAlgorithmName.SHA512, KeySize);
        }
        else
        {
            var made = BytesToKey(passPhrase, salt);
            aes.Key = made[..KeySize];
            iv = made.AsSpan(KeySize, BlockSize);
        }

        try
        {
            return aes.DecryptCbc(stored[head..], iv);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    // EVP_BytesToKey with MD5 and one round, for values of the older format.
    [SuppressMessage("Security", "CA5351", Justification = "The format of the real store.")]
    private static byte[] BytesToKey(byte[] passPhrase, ReadOnlySpan<byte> salt)
    {
        var made = new byte[KeySize + BlockSize];
        byte[] last = [];
        for (var at = 0; at < made.Length; at += last.Length)
        {
            last = MD5.HashData([.. last, .. passPhrase, .. salt]);
            last.CopyTo(made, at);
        }

        return made;
    }
}
