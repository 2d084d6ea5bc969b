using System.Text.Json;
using System.Text.Json.Nodes;

namespace K2hdkcDbaas.Sandbox.Kubernetes.Store;

/// <summary>Ways through the JSON of objects.</summary>
internal static class KubeJson
{
    /// <summary>Reads text into nodes that are whole at once, so that several threads can read them.</summary>
    public static JsonNode? Parse(string text)
    {
        using var document = JsonDocument.Parse(text);
        return JsonHttp.ToNode(document.RootElement);
    }

    public static JsonNode? At(this JsonNode? node, params ReadOnlySpan<string> path)
    {
        foreach (var name in path) node = node.Get(name);
        return node;
    }

    public static string Text(this JsonNode? node, params ReadOnlySpan<string> path) => node.At(path).AsText() ?? "";

    public static int Number(this JsonNode? node, int otherwise, params ReadOnlySpan<string> path) => node.At(path).AsInt() ?? otherwise;

    public static bool Flag(this JsonNode? node, params ReadOnlySpan<string> path) =>
        node.At(path) is JsonValue v && v.GetValueKind() == JsonValueKind.True;

    /// <summary>The objects of a list; none when there is no list.</summary>
    public static IEnumerable<JsonObject> Items(this JsonNode? node, params ReadOnlySpan<string> path) =>
        (node.At(path) as JsonArray)?.OfType<JsonObject>() ?? [];

    /// <summary>The texts of a list.</summary>
    public static IEnumerable<string> Texts(this JsonNode? node, params ReadOnlySpan<string> path) =>
        (node.At(path) as JsonArray)?.Select(i => i.AsText()).OfType<string>() ?? [];

    /// <summary>The member, made when it is not there or null.</summary>
    public static JsonObject Ensure(this JsonObject node, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            if (node[name] is not JsonObject inner) node[name] = inner = [];
            node = inner;
        }
        return node;
    }

    /// <summary>Sets the member unless it is there.</summary>
    public static void Default(this JsonObject node, string name, JsonNode? value)
    {
        if (node[name] is null) node[name] = value;
    }

    public static JsonObject Meta(this JsonObject obj) => obj.Ensure("metadata");

    public static string Name(this JsonNode obj) => obj.Text("metadata", "name");

    public static string Namespace(this JsonNode obj) => obj.Text("metadata", "namespace");

    public static string Uid(this JsonNode obj) => obj.Text("metadata", "uid");

    public static bool IsLeaving(this JsonNode obj) => obj.At("metadata", "deletionTimestamp") is not null;

    public static JsonObject Copy(this JsonObject node) => (JsonObject)node.DeepClone();

    public static bool Same(JsonNode? one, JsonNode? other) => JsonNode.DeepEquals(one, other);

    /// <summary>The reference in metadata.ownerReferences that is marked as controller.</summary>
    public static JsonObject? Controller(this JsonNode obj) =>
        obj.Items("metadata", "ownerReferences").FirstOrDefault(o => o.Flag("controller"));

    public static bool IsControlledBy(this JsonNode obj, JsonNode owner) => obj.Controller() is { } c && c.Text("uid") == owner.Uid();

    /// <summary>A condition's status, empty when it is not there.</summary>
    public static string ConditionOf(this JsonNode obj, string type) =>
        obj.Items("status", "conditions").FirstOrDefault(c => c.Text("type") == type).Text("status");

    public static bool IsReady(this JsonNode pod) => pod.ConditionOf("Ready") == "True";
}
