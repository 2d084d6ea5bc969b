using System.Globalization;
using System.Text;
using K2hdkcDbaas.Client;
using K2hdkcDbaas.Errors;

namespace K2hdkcDbaas.Provider;

/// <summary>
/// Paths of a K2HDKC drive. A segment is a key's name as text; what a path cannot hold is written as <c>%XX</c>, one byte each, and a key
/// that does not end with the usual NUL ends with <c>%~</c>. So each key has one segment, and each segment one key.
/// </summary>
internal static class KeyPath
{
    /// <summary>
    /// Begins the first segment of a drive's root, which is the drive's mark: so a path alone says which ring it is of. No key's segment
    /// begins so.
    /// </summary>
    public const char DriveMark = '~';

    private const string NoNul = "%~";
    private const string Unfit = "%/\\:*?[]`~|<>\"";

    private static readonly char[] Separators = ['/', '\\'];

    /// <summary>The segment of a key.</summary>
    /// <param name="stored">The key as stored.</param>
    public static string Segment(ReadOnlySpan<byte> stored)
    {
        var ending = stored is [.., 0] && stored.Length > 1 ? "" : NoNul;
        var name = ending.Length == 0 ? stored[..^1] : stored;
        var text = new StringBuilder();
        if (name.SequenceEqual("."u8) || name.SequenceEqual(".."u8)) text.Append("%2E").Append(name.Length > 1 ? "%2E" : "");
        else while (!name.IsEmpty) name = name[Append(text, name)..];
        return text.Append(ending).ToString();
    }

    /// <summary>The key of a segment.</summary>
    /// <param name="segment">The segment; not empty.</param>
    /// <exception cref="DbaasException">A per cent sign is followed by neither two hexadecimal digits nor, at the end, a tilde.</exception>
    public static byte[] Key(string segment)
    {
        var isBare = segment.EndsWith(NoNul, StringComparison.Ordinal);
        var rest = (isBare ? segment[..^NoNul.Length] : segment).AsSpan();
        var bytes = new List<byte>(rest.Length + 1);
        while (!rest.IsEmpty)
        {
            var percent = rest.IndexOf('%');
            var plain = percent < 0 ? rest : rest[..percent];
            bytes.AddRange(StoredText.Encode(plain.ToString(), bare: true));
            if (percent < 0) break;
            if (rest.Length < percent + 3
                || !byte.TryParse(rest.Slice(percent + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
                throw Invalid(segment);
            bytes.Add(value);
            rest = rest[(percent + 3)..];
        }

        if (!isBare) bytes.Add(0);
        return bytes.Count == 0 ? throw Invalid(segment) : [.. bytes];
    }

    /// <summary>The segments of a path, the outermost first; none for the root.</summary>
    /// <param name="path">The path, without its drive.</param>
    public static string[] Split(string? path) => All(path) is [['~', ..], .. var rest] ? rest : All(path);

    /// <summary>The mark of the drive that a path is of, its name and perhaps a number; null when it does not say.</summary>
    /// <param name="path">The path.</param>
    public static string? Mark(string? path) => All(path) is [['~', .. var mark], ..] ? mark : null;

    /// <summary>The name of the drive that a path is of; null when it does not say.</summary>
    /// <param name="path">The path.</param>
    public static string? DriveName(string? path) => Mark(path)?.Split(DriveMark)[0];

    /// <summary>The path as users write it.</summary>
    /// <param name="path">The path.</param>
    public static string Shown(string? path) => (DriveName(path) is { } drive ? drive + ":/" : "") + string.Join('/', Split(path));

    private static string[] All(string? path) => (path ?? "").Split(Separators, StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Appends the first character, escaped if need be.</summary>
    /// <returns>How many bytes it took.</returns>
    private static int Append(StringBuilder text, ReadOnlySpan<byte> name)
    {
        var isRune = Rune.DecodeFromUtf8(name, out var rune, out var used) == System.Buffers.OperationStatus.Done;
        if (isRune && !Rune.IsControl(rune) && !(rune.IsAscii && Unfit.Contains((char)rune.Value, StringComparison.Ordinal)))
        {
            text.Append(rune.ToString());
            return used;
        }

        foreach (var value in name[..used]) text.Append(CultureInfo.InvariantCulture, $"%{value:X2}");
        return used;
    }

    private static DbaasException Invalid(string segment) => new(
        ErrorKind.InvalidInput, "InvalidKeyPath", $"'{segment}' is not the name of a key in a path.",
        "Write a per cent sign as %25 and other bytes as %XX; %~ at the end means a key without a trailing NUL.")
    { Target = segment };
}
