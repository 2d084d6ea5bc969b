using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace K2hdkcDbaas.Sandbox.Trove;

/// <summary>
/// Trove's request validation: the same checks for names, ids, sizes and groups wherever they stand, in jsonschema's words.
/// </summary>
internal static partial class TroveSchema
{
    private const string IdPattern = "^([0-9a-fA-F]){8}-([0-9a-fA-F]){4}-([0-9a-fA-F]){4}-([0-9a-fA-F]){4}-([0-9a-fA-F]){12}$";

    /// <summary>All the members that are missing, in one refusal.</summary>
    public static void Required(JsonObject given, string where, params string[] names)
    {
        var missing = names.Where(n => !given.ContainsKey(n)).Select(n => $"{where} '{n}' is a required property").ToList();
        if (missing.Count > 0) throw Fault(string.Join("; ", missing));
    }

    /// <summary>A name: text with a letter or digit in it.</summary>
    public static string Name(JsonNode? node, string where)
    {
        var name = node.AsText() ?? throw Fault($"{where} {PythonText.Repr(node)} is not of type 'string'");
        List<string> wrong = [];
        if (name.Length == 0) wrong.Add($"{where} '' is too short");
        if (name.Length > 255) wrong.Add($"{where} '{name}' is too long");
        if (!name.Any(char.IsAsciiLetterOrDigit)) wrong.Add($"{where} '{name}' does not match '^.*[0-9a-zA-Z]+.*$'");
        return wrong.Count == 0 ? name : throw Fault(string.Join("; ", wrong));
    }

    /// <summary>An id as a request must write it.</summary>
    public static void Id(JsonNode? node, string where)
    {
        if (node.AsText() is not { } id) throw Fault($"{where} {PythonText.Repr(node)} is not of type 'string'");
        if (!IdForm().IsMatch(id)) throw Fault($"{where} '{id}' does not match '{IdPattern}'");
    }

    /// <summary>An id, or null.</summary>
    public static void IdOrNull(JsonNode? node, string where)
    {
        if (node is null || IdForm().IsMatch(node.AsText() ?? "")) return;
        throw Fault($"{where} {PythonText.Repr(node)} is not valid under any of the given schemas; {PythonText.Repr(node)} does not match "
            + $"'{IdPattern}'; {PythonText.Repr(node)} is not of type 'null'");
    }

    /// <summary>A volume with its size in GB: a positive number, or the same as text.</summary>
    public static void Volume(JsonNode? volume, string where)
    {
        if (volume is null) return;
        if (volume is not JsonObject given) throw Fault($"{where} {PythonText.Repr(volume)} is not of type 'object'");
        Required(given, where, "size");
        var size = given["size"];
        var text = PythonText.Repr(size);
        var reason = size?.GetValueKind() switch
        {
            JsonValueKind.Number when size.AsInt() is >= 1 => null,
            JsonValueKind.Number => $"{text} is less than the minimum of 1; {text} is not of type 'string'",
            JsonValueKind.String when size.AsInt(lenient: true) is >= 1 => null,
            JsonValueKind.String => $"{text} is not of type 'integer'; {text} does not match '^0*[1-9]+[0-9]*$'",
            _ => $"{text} is not of type 'integer'; {text} is not of type 'string'",
        };
        if (reason is not null) throw Fault($"{where}['size'] {text} is not valid under any of the given schemas; {reason}");
    }

    /// <summary>Refuses anything but an object or array where one belongs.</summary>
    public static void Type<T>(JsonNode? node, string where, string type)
        where T : JsonNode
    {
        if (node is not T) throw Fault($"{where} {PythonText.Repr(node)} is not of type '{type}'");
    }

    public static ApiFault Fault(string text) => new(400, "Validation error: " + text);

    [GeneratedRegex(IdPattern)]
    private static partial Regex IdForm();
}
