using System.Text.Json.Nodes;

namespace K2hdkcDbaas.Sandbox.Glance;

/// <summary>
/// Setting an image's members, and JSON patches (RFC 6902 as far as Glance takes it: add, replace, remove of whole members).
/// </summary>
internal static class ImagePatch
{
    private static readonly HashSet<string> ReadOnly = new(StringComparer.Ordinal)
    {
        "id", "status", "size", "virtual_size", "checksum", "os_hash_algo", "os_hash_value", "created_at", "updated_at", "self", "file",
        "schema", "direct_url", "stores",
    };

    public static void Apply(Image image, JsonArray operations, bool admin)
    {
        foreach (var operation in operations)
        {
            var kind = operation.Get("op").AsText();
            var path = operation.Get("path").AsText() ?? "";
            if (kind is not ("add" or "replace" or "remove"))
                throw new ApiFault(400, $"Invalid operation: `{kind}`. It must be one of the following: add, remove, replace.");
            if (path.Length < 2 || path[0] != '/') throw new ApiFault(400, "Pointer `" + path + "` does not start with \"/\".");
            var name = path[1..].Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            if (name.StartsWith("os_glance_", StringComparison.Ordinal) || ReadOnly.Contains(name) || name == "owner")
                throw new ApiFault(403, $"Attribute '{name}' is read-only.");
            if (kind == "remove")
            {
                if (image.Properties.Remove(name)) continue;
                throw image.ToJson().ContainsKey(name)
                    ? new ApiFault(403, $"Property {name} may not be removed.", ImageRoutes.Beneath)
                    : new ApiFault(409, $"Property {name} does not exist.", ImageRoutes.Beneath);
            }
            if (kind == "replace" && !image.ToJson().ContainsKey(name))
                throw new ApiFault(409, $"Property {name} does not exist.", ImageRoutes.Beneath);
            if (operation is not JsonObject o || !o.ContainsKey("value"))
                throw new ApiFault(400, $"Operation \"{kind}\" requires a member named \"value\".");
            if (name == "visibility" && operation.Get("value").AsText() == "public" && !admin)
                throw new ApiFault(403, "You are not authorized to complete publicize_image action.");
            Set(image, name, operation.Get("value"));
        }
    }

    /// <summary>Sets a member; an unknown one becomes a property, which is always text.</summary>
    public static void Set(Image image, string name, JsonNode? value)
    {
        switch (name)
        {
            case "name": image.Name = TextOrNull(name, value); break;
            case "disk_format": image.DiskFormat = TextOrNull(name, value); break;
            case "container_format": image.ContainerFormat = TextOrNull(name, value); break;
            case "visibility":
                image.Visibility = value.AsText() is "public" or "private" or "shared" or "community"
                    ? value.AsText()!
                    : throw Mismatch(value, "one of ['community', 'public', 'private', 'shared']");
                break;
            case "protected": image.IsProtected = Flag(value); break;
            case "os_hidden": image.Hidden = Flag(value); break;
            case "min_disk": image.MinDisk = value.AsInt() is >= 0 and var disk ? disk : throw Mismatch(value, "of type 'integer'"); break;
            case "min_ram": image.MinRam = value.AsInt() is >= 0 and var ram ? ram : throw Mismatch(value, "of type 'integer'"); break;
            case "tags":
                image.Tags = value is JsonArray tags
                    ? [.. tags.Select(t => t.AsText() ?? throw Mismatch(t, "of type 'string'")).Distinct()]
                    : throw Mismatch(value, "of type 'array'");
                break;
            case var _ when ReadOnly.Contains(name): throw new ApiFault(403, $"Attribute '{name}' is read-only.");
            case "owner": break;
            default:
                image.Properties[name] = value.AsText() ?? throw Mismatch(value, "of type 'string'");
                break;
        }
    }

    private static string? TextOrNull(string name, JsonNode? value) =>
        value is null
            ? null
            : value.AsText() is { Length: <= 255 } text ? text : throw Mismatch(value, $"of type 'null', 'string' ({name})");

    private static bool Flag(JsonNode? value) =>
        value is JsonValue v && v.TryGetValue(out bool flag) ? flag : throw Mismatch(value, "of type 'boolean'");

    private static ApiFault Mismatch(JsonNode? value, string wanted) =>
        new(400, $"Provided object does not match schema 'image': {PythonText.Repr(value)} is not {wanted}");
}
