using System.Text;

namespace K2hdkcDbaas.Client;

/// <summary>
/// Text as keys and values hold it. k2hdkclinetool and the other language bindings store UTF-8 with its trailing NUL, so a key
/// written without it is another key to them. Queue names are the exception: they have none.
/// </summary>
public static class StoredText
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The bytes of a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="bare">Without the trailing NUL.</param>
    public static byte[] Encode(string text, bool bare = false)
    {
        ArgumentNullException.ThrowIfNull(text);
        var bytes = new byte[Encoding.UTF8.GetByteCount(text) + (bare ? 0 : 1)];
        Encoding.UTF8.GetBytes(text, bytes);
        return bytes;
    }

    /// <summary>The text of stored bytes, with or without a trailing NUL. Bytes that are no UTF-8 become replacement characters.</summary>
    /// <param name="bytes">The bytes.</param>
    public static string Decode(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(WithoutNul(bytes));

    /// <summary>The text of stored bytes, if they are text: UTF-8 without a NUL before the last byte.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="text">The text.</param>
    public static bool TryDecode(ReadOnlySpan<byte> bytes, out string text)
    {
        text = "";
        bytes = WithoutNul(bytes);
        if (bytes.Contains((byte)0)) return false;
        try
        {
            text = Strict.GetString(bytes);
            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }

    private static ReadOnlySpan<byte> WithoutNul(ReadOnlySpan<byte> bytes) => bytes is [.., 0] ? bytes[..^1] : bytes;
}
