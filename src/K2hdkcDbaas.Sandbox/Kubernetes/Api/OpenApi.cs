using System.Text.Json.Nodes;
using K2hdkcDbaas.Sandbox.Kubernetes.Store;

namespace K2hdkcDbaas.Sandbox.Kubernetes.Api;

/// <summary>
/// /openapi/v3: paths with their patch parameters (kubectl looks there for server-side field validation) and the types with their merge
/// keys.
/// </summary>
internal static class OpenApi
{
    /// <summary>Answers an OpenAPI path; false when it is none.</summary>
    public static async Task<bool> AnswerAsync(HttpContext context)
    {
        var path = (context.Request.Path.Value ?? "").TrimEnd('/');
        if (path == "/openapi/v3")
        {
            var paths = new JsonObject();
            foreach (var group in ResourceTypes.Groups)
            {
                var at = group.Length == 0 ? "api/v1" : $"apis/{group}/v1";
                paths[at] = new JsonObject { ["serverRelativeURL"] = $"/openapi/v3/{at}?hash={Discovery.GitVersion}" };
            }
            await context.WriteJsonAsync(200, new JsonObject { ["paths"] = paths }).ConfigureAwait(false);
            return true;
        }
        if (path == "/openapi/v2")
        {
            // The real one also writes this as protobuf, for clients that know no v3.
            if (!context.Request.Headers.Accept.ToString().Contains("json", StringComparison.Ordinal))
                throw new KubeFault(406, "NotAcceptable", "only the following media types are accepted: application/json");
            await context.WriteJsonAsync(200, Document2()).ConfigureAwait(false);
            return true;
        }
        var of = path switch
        {
            "/openapi/v3/api/v1" => "",
            _ when path.StartsWith("/openapi/v3/apis/", StringComparison.Ordinal) && path.EndsWith("/v1", StringComparison.Ordinal) =>
                path["/openapi/v3/apis/".Length..^3],
            _ => null,
        };
        if (of is null || !ResourceTypes.Groups.Contains(of)) return false;
        await context.WriteJsonAsync(200, Document(of)).ConfigureAwait(false);
        return true;
    }

    private static JsonObject Document(string group)
    {
        var types = ResourceTypes.All.Where(t => t.Group == group).ToList();
        return new JsonObject
        {
            ["openapi"] = "3.0.0",
            ["info"] = new JsonObject { ["title"] = "Kubernetes", ["version"] = Discovery.GitVersion },
            ["paths"] = Paths(types),
            ["components"] = new JsonObject { ["schemas"] = Schemas("#/components/schemas/", group) },
        };
    }

    private static JsonObject Document2() => new()
    {
        ["swagger"] = "2.0",
        ["info"] = new JsonObject { ["title"] = "Kubernetes", ["version"] = Discovery.GitVersion },
        ["paths"] = Paths(ResourceTypes.All),
        ["definitions"] = Schemas("#/definitions/", null),
    };

    private static JsonObject Paths(IEnumerable<ResourceType> types)
    {
        var paths = new JsonObject();
        foreach (var type in types)
        {
            var root = (type.Group.Length == 0 ? "/api/v1/" : $"/apis/{type.Group}/v1/")
                + (type.IsNamespaced ? "namespaces/{namespace}/" : "") + type.Plural;
            paths[root] = new JsonObject
            {
                ["get"] = Operation(type, "list"),
                ["post"] = Operation(type, "post", "dryRun", "fieldManager", "fieldValidation")
            };
            paths[root + "/{name}"] = new JsonObject
            {
                ["get"] = Operation(type, "get"),
                ["put"] = Operation(type, "put", "dryRun", "fieldManager", "fieldValidation"),
                ["delete"] = Operation(type, "delete", "dryRun", "gracePeriodSeconds", "propagationPolicy"),
                ["patch"] = Operation(type, "patch", "dryRun", "fieldManager", "fieldValidation", "force"),
            };
        }
        return paths;
    }

    private static JsonObject Operation(ResourceType type, string action, params string[] parameters) => new()
    {
        ["operationId"] = $"{action}{type.Kind}",
        ["parameters"] =
            JsonHttp.ToArray(parameters,
                p => new JsonObject
                {
                    ["name"] = p,
                    ["in"] = "query",
                    ["schema"] = new JsonObject { ["type"] = p == "force" ? "boolean" : "string", ["uniqueItems"] = true }
                }),
        ["responses"] = new JsonObject { ["200"] = new JsonObject { ["description"] = "OK" } },
        ["x-kubernetes-action"] = action,
        ["x-kubernetes-group-version-kind"] = new JsonObject { ["group"] = type.Group, ["version"] = "v1", ["kind"] = type.Kind },
    };

    private static JsonObject Schemas(string prefix, string? group)
    {
        var schemas = new JsonObject();
        foreach (var (name, fields) in Schema.Types.OrderBy(t => t.Key, StringComparer.Ordinal))
        {
            var kind = ResourceTypes.All.FirstOrDefault(t => t.Kind == name);
            // Types of other groups are there too, for those that hold them.
            if (kind is not null && group is not null && kind.Group != group) kind = null;
            var schema = new JsonObject { ["type"] = "object", ["description"] = name };
            var properties = new JsonObject();
            foreach (var (field, type) in fields) properties[field] = Property(type, prefix);
            schema["properties"] = properties;
            var required = fields.Where(f => f.Value.IsRequired).Select(f => f.Key).ToList();
            if (required.Count > 0) schema["required"] = JsonHttp.Strings(required);
            if (kind is not null)
                schema["x-kubernetes-group-version-kind"] =
                    new JsonArray(new JsonObject { ["group"] = kind.Group, ["version"] = "v1", ["kind"] = kind.Kind });
            schemas[Id(name)] = schema;
        }
        return schemas;
    }

    private static string Id(string type) => $"io.k8s.api.v1.{type}";

    private static JsonObject Property(FieldType type, string prefix)
    {
        var property = Plain(type.Kind, type.Type, prefix);
        switch (type.Kind)
        {
            case FieldKind.Map:
                property["additionalProperties"] = Plain(type.Item, null, prefix);
                if (type.IsAtomic) property["x-kubernetes-map-type"] = "atomic";
                break;
            case FieldKind.List:
                property["items"] = Plain(type.Item, type.Type, prefix);
                property["x-kubernetes-list-type"] = type.IsKeyed ? "map" : type.IsSet ? "set" : "atomic";
                if (type.IsKeyed)
                {
                    property["x-kubernetes-list-map-keys"] = JsonHttp.Strings(type.Keys);
                    property["x-kubernetes-patch-merge-key"] = type.Keys[0];
                }
                if (type.IsKeyed || type.IsSet) property["x-kubernetes-patch-strategy"] = type.RetainKeys ? "merge,retainKeys" : "merge";
                break;
            case FieldKind.Object:
                if (type.IsAtomic) property["x-kubernetes-map-type"] = "atomic";
                if (type.RetainKeys) property["x-kubernetes-patch-strategy"] = "retainKeys";
                break;
        }
        return property;
    }

    private static JsonObject Plain(FieldKind kind, string? type, string prefix) => kind switch
    {
        FieldKind.Text => new JsonObject { ["type"] = "string" },
        FieldKind.Integer => new JsonObject { ["type"] = "integer", ["format"] = "int32" },
        FieldKind.Boolean => new JsonObject { ["type"] = "boolean" },
        FieldKind.Quantity => new JsonObject { ["type"] = "string" },
        FieldKind.IntegerOrText => new JsonObject { ["type"] = "string", ["format"] = "int-or-string" },
        FieldKind.Base64 => new JsonObject { ["type"] = "string", ["format"] = "byte" },
        FieldKind.List => new JsonObject { ["type"] = "array" },
        FieldKind.Object when type is not null =>
            new JsonObject { ["allOf"] = new JsonArray(new JsonObject { ["$ref"] = prefix + Id(type) }) },
        _ => new JsonObject { ["type"] = "object" },
    };
}
