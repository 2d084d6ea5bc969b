using System.Text.Json;

namespace K2hdkcDbaas.Sandbox.Guests;

/// <summary>Answers of K2HR3 as the guest's scripts read them.</summary>
internal static class RoleAnswer
{
    /// <summary>The text of member "resource"; empty where the answer has none.</summary>
    /// <exception cref="HttpRequestException">The answer is no JSON.</exception>
    public static string Read(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("resource", out var resource)
                && resource.ValueKind == JsonValueKind.String
                ? resource.GetString()!
                : "";
        }
        catch (JsonException e)
        {
            throw new HttpRequestException("the answer is no JSON", e);
        }
    }
}
