using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using K2hdkcDbaas.Sandbox.Kubernetes.Api;

namespace K2hdkcDbaas.Sandbox.Kubernetes.Store;

/// <summary>Reads an object as its type: unknown fields are found and dropped, wrong types refused, required fields missed.</summary>
internal sealed class SchemaCheck
{
    private readonly List<string> _unknown = [];
    private readonly List<FieldError> _missing = [];
    private readonly string _kind;

    private SchemaCheck(string kind) => _kind = kind;

    /// <summary>Paths of fields that the type does not have; they are no longer in the object.</summary>
    public IReadOnlyList<string> Unknown => _unknown;

    /// <summary>Required fields that are not there.</summary>
    public IReadOnlyList<FieldError> Missing => _missing;

    public static SchemaCheck Run(JsonObject obj, string kind)
    {
        var check = new SchemaCheck(kind);
        check.Object(obj, kind, "");
        return check;
    }

    private void Object(JsonObject obj, string type, string path)
    {
        if (!Schema.Types.TryGetValue(type, out var fields)) return;
        foreach (var (name, value) in obj.ToList())
        {
            var at = path.Length == 0 ? name : path + "." + name;
            if (!fields.TryGetValue(name, out var field))
            {
                _unknown.Add(at);
                obj.Remove(name);
            }
            else if (value is null)
            {
                obj.Remove(name);
            }
            else
            {
                Value(value, field, at, type, name);
            }
        }
        foreach (var (name, field) in fields)
        {
            if (field.IsRequired && (obj[name] is null || obj[name].AsText() is ""))
                _missing.Add(FieldError.Required(path.Length == 0 ? name : path + "." + name));
        }
    }

    private void Value(JsonNode value, FieldType field, string path, string owner, string name)
    {
        var kind = value.GetValueKind();
        switch (field.Kind)
        {
            case FieldKind.Object when value is JsonObject inner:
                Object(inner, field.Type!, path);
                break;
            case FieldKind.Map when value is JsonObject map:
                foreach (var (key, item) in map.ToList())
                {
                    if (item is null) map[key] = "";
                    else Scalar(item, item.GetValueKind(), field.Item, path, owner, name);
                }
                break;
            case FieldKind.List when value is JsonArray list:
                for (var i = 0; i < list.Count; i++)
                {
                    var at = string.Create(CultureInfo.InvariantCulture, $"{path}[{i}]");
                    if (list[i] is JsonObject item && field.Type is not null) Object(item, field.Type, at);
                    else if (list[i] is { } scalar && field.Type is null)
                        Scalar(scalar, scalar.GetValueKind(), field.Item, path, owner, name);
                    else if (list[i] is not null || field.Type is not null)
                        throw Wrong(list[i]?.GetValueKind() ?? JsonValueKind.Null, owner, path, field.Type ?? "string");
                }
                break;
            case FieldKind.Object or FieldKind.Map or FieldKind.List:
                throw Wrong(kind, owner,
                    path, field.Kind == FieldKind.Object
                        ? "v1." + field.Type
                        : field.Kind == FieldKind.Map ? "map[string]string" : "[]v1." + (field.Type ?? "string"));
            default:
                Scalar(value, kind, field.Kind, path, owner, name);
                break;
        }
    }

    private void Scalar(JsonNode value, JsonValueKind kind, FieldKind wanted, string path, string owner, string name)
    {
        var isRight = wanted switch
        {
            FieldKind.Text => kind == JsonValueKind.String,
            FieldKind.Boolean => kind is JsonValueKind.True or JsonValueKind.False,
            FieldKind.Integer =>
                kind == JsonValueKind.Number && double.IsInteger(double.Parse(value.ToJsonString(), CultureInfo.InvariantCulture)),
            FieldKind.IntegerOrText => kind is JsonValueKind.Number or JsonValueKind.String,
            FieldKind.Quantity =>
                kind == JsonValueKind.Number || (kind == JsonValueKind.String && Quantities.TryRead(value.AsText()!, out _)),
            FieldKind.Base64 => kind == JsonValueKind.String && IsBase64(value.AsText()!),
            _ => true,
        };
        if (isRight) return;
        if (wanted == FieldKind.Quantity)
            throw KubeFault.BadRequest(
                $"{_kind} in version \"v1\" cannot be handled as a {_kind}: quantities must match the regular expression "
                    + $"'^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'");
        if (wanted == FieldKind.Base64)
            throw KubeFault.BadRequest($"{_kind} in version \"v1\" cannot be handled as a {_kind}: illegal base64 data at input byte 0");
        throw Wrong(kind, owner,
            path, wanted switch
            {
                FieldKind.Integer => "int32",
                FieldKind.Boolean => "bool",
                FieldKind.IntegerOrText =>
                "intstr.IntOrString",
                _ => "string"
            });
    }

    private KubeFault Wrong(JsonValueKind kind, string owner, string path, string go) => KubeFault.BadRequest(
        $"{_kind} in version \"v1\" cannot be handled as a {_kind}: json: cannot unmarshal "
            + $"{kind switch { JsonValueKind.String => "string", JsonValueKind.Number => "number", JsonValueKind.Object => "object", JsonValueKind.Array => "array", _ => "bool" }} into Go struct field {owner}.{path} of type {go}");

    private static bool IsBase64(string text) => Convert.TryFromBase64String(text, new byte[(text.Length * 3 / 4) + 3], out _);
}
