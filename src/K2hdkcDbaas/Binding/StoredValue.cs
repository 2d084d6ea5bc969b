using System.Globalization;
using System.Management.Automation;
using System.Text.Json;
using K2hdkcDbaas.Client;
using K2hdkcDbaas.Errors;

namespace K2hdkcDbaas.Binding;

/// <summary>Turns what users write into stored bytes, and stored bytes into what they read.</summary>
internal static class StoredValue
{
    /// <summary>The error id of a value that cannot be stored or read in the way asked for.</summary>
    public const string Unfit = "UnfitValue";

    /// <summary>The stored bytes of a value: bytes as they are, anything else as text.</summary>
    /// <param name="value">The value.</param>
    /// <param name="asJson">As JSON text.</param>
    /// <param name="bare">Text without its trailing NUL.</param>
    public static ReadOnlyMemory<byte> Encode(object? value, bool asJson, bool bare)
    {
        if (asJson) return StoredText.Encode(Json(value), bare);
        switch (value is PSObject { BaseObject: not PSCustomObject } wrapped ? wrapped.BaseObject : value)
        {
            case null: return ReadOnlyMemory<byte>.Empty;
            case string text: return StoredText.Encode(text, bare);
            case byte[] bytes: return bytes;
            case ReadOnlyMemory<byte> bytes: return bytes;
            // Get-Content -AsByteStream gives its bytes one by one.
            case object[] { Length: > 0 } list when Array.TrueForAll(list, i => i is byte or PSObject { BaseObject: byte }):
                return Array.ConvertAll(list, i => i is byte b ? b : (byte)((PSObject)i).BaseObject);
            // To the tick and with its zone, where PowerShell's own text has neither.
            case IFormattable time when time is DateTime or DateTimeOffset or DateOnly or TimeOnly:
                return StoredText.Encode(time.ToString("O", CultureInfo.InvariantCulture), bare);
            case IConvertible plain: return StoredText.Encode(LanguagePrimitives.ConvertTo<string>(plain), bare);
            case Guid or TimeSpan or Uri or Version: return StoredText.Encode(LanguagePrimitives.ConvertTo<string>(value), bare);
            default:
                throw new DbaasException(
                    ErrorKind.InvalidInput, Unfit, $"A value of type {value!.GetType().Name} is neither text nor bytes.",
                    "Store it as JSON with -AsJson, or turn it into text or bytes first.");
        }
    }

    /// <summary>What a user reads for stored bytes.</summary>
    /// <param name="stored">The bytes.</param>
    /// <param name="asBytes">As bytes, whatever they are.</param>
    /// <param name="asJson">As the object that the JSON text describes.</param>
    /// <param name="key">Whose value it is.</param>
    /// <returns>Text, or bytes where they are no text; null for an empty value.</returns>
    public static object? Decode(ReadOnlyMemory<byte> stored, bool asBytes, bool asJson, object key)
    {
        if (asBytes) return stored.ToArray();
        if (asJson) return Parse(stored, key);
        if (stored.IsEmpty) return null;
        return StoredText.TryDecode(stored.Span, out var text) ? text : stored.ToArray();
    }

    /// <summary>
    /// Whether a value that is not shown as bytes is stored without the trailing NUL, so that it must be written so again.
    /// </summary>
    /// <param name="stored">The bytes.</param>
    /// <param name="shown">What the user reads for them.</param>
    public static bool IsBare(ReadOnlyMemory<byte> stored, object? shown) =>
        !stored.IsEmpty && shown is not byte[] && stored.Span is not [.., 0];

    private static string Json(object? value)
    {
        try
        {
            return JsonValues.From(value)?.ToJsonString() ?? "null";
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or RuntimeException)
        {
            throw new DbaasException(ErrorKind.InvalidInput, Unfit, $"The value cannot be written as JSON: {e.Message}",
                "Give text, finite numbers, booleans, arrays, hashtables or plain objects of these.", e);
        }
    }

    private static object? Parse(ReadOnlyMemory<byte> stored, object key)
    {
        if (stored.IsEmpty) return null;
        var text = stored.Span is [.., 0] ? stored[..^1] : stored;
        try
        {
            using var document = JsonDocument.Parse(text);
            return JsonReading.ToObject(document.RootElement);
        }
        catch (JsonException e)
        {
            throw new DbaasException(
                ErrorKind.InvalidInput, Unfit, $"The value of key '{key}' is not JSON: {e.Message}", "Read it without -AsJson.", e)
            { Target = key };
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or RuntimeException)
        {
            // Halves of surrogate pairs are no text, and some names PowerShell keeps for itself.
            throw new DbaasException(
                ErrorKind.InvalidInput, Unfit, $"The value of key '{key}' is JSON that PowerShell has no object for: {e.Message}",
                "Read it without -AsJson.", e)
            { Target = key };
        }
    }
}
