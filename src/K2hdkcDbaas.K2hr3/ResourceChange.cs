using System.Text.Json;

namespace K2hdkcDbaas.K2hr3;

/// <summary>What a resource shall be. What is null stays as it is.</summary>
public sealed record ResourceChange
{
    /// <summary>Its text; empty clears it.</summary>
    public string? Text { get; init; }

    /// <summary>Its object; given alone, without <see cref="Text"/>, since K2HR3 takes one of the two at a time.</summary>
    public JsonElement? Data { get; init; }

    /// <summary>Its keys, all of them; an empty map clears them.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Keys { get; init; }

    /// <summary>The full names of resources it takes more from; an empty list clears them.</summary>
    public IReadOnlyList<string>? Aliases { get; init; }

    /// <summary>A text as a key's value.</summary>
    /// <param name="value">The text.</param>
    public static JsonElement Value(string value) => JsonSerializer.SerializeToElement(value, K2hr3Json.Default.String);

    /// <summary>A number as a key's value; ports are numbers.</summary>
    /// <param name="value">The number.</param>
    public static JsonElement Value(long value) => JsonSerializer.SerializeToElement(value, K2hr3Json.Default.Int64);
}
