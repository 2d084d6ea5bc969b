using System.Text.Json.Nodes;
using K2hdkcDbaas.Sandbox.Kubernetes.Store;

namespace K2hdkcDbaas.Sandbox.Kubernetes.Api;

/// <summary>A refusal of the API, answered as a Status object.</summary>
/// <param name="code">HTTP status.</param>
/// <param name="reason">Machine-readable reason, such as NotFound.</param>
/// <param name="message">Text as kube-apiserver words it.</param>
/// <param name="details">The Status' details.</param>
internal sealed class KubeFault(int code, string reason, string message, JsonObject? details = null) : Exception(message)
{
    public int Code { get; } = code;

    public JsonObject ToStatus() => Status(Code, reason, Message, details);

    public static JsonObject Status(int code, string reason, string message, JsonObject? details) => new()
    {
        ["kind"] = "Status",
        ["apiVersion"] = "v1",
        ["metadata"] = new JsonObject(),
        ["status"] = "Failure",
        ["message"] = message,
        ["reason"] = reason,
        ["details"] = details?.DeepClone(),
        ["code"] = code,
    };

    public static KubeFault NotFound(ResourceType type, string name) =>
        new(404, "NotFound", $"{type.FullName} \"{name}\" not found", Details(type, name));

    public static KubeFault AlreadyExists(ResourceType type, string name) =>
        new(409, "AlreadyExists", $"{type.FullName} \"{name}\" already exists", Details(type, name));

    public static KubeFault Conflict(ResourceType type, string name, string why) =>
        new(409, "Conflict", $"Operation cannot be fulfilled on {type.FullName} \"{name}\": {why}", Details(type, name));

    public static KubeFault Changed(ResourceType type, string name) =>
        Conflict(type, name, "the object has been modified; please apply your changes to the latest version and try again");

    public static KubeFault BadRequest(string message) => new(400, "BadRequest", message);

    public static KubeFault Forbidden(string message, JsonObject? details = null) => new(403, "Forbidden", message, details);

    public static KubeFault Gone(string message) => new(410, "Expired", message);

    /// <summary>422 with what is wrong with which field.</summary>
    public static KubeFault Invalid(ResourceType type, string name, IReadOnlyList<FieldError> errors)
    {
        var details = new JsonObject
        {
            ["name"] = name,
            ["group"] = type.Group,
            ["kind"] = type.Kind,
            ["causes"] = JsonHttp.ToArray(errors,
                e => new JsonObject { ["reason"] = e.Reason, ["message"] = e.Message, ["field"] = e.Field }),
        };
        if (type.Group.Length == 0) details.Remove("group");
        var texts = errors.Select(e => $"{e.Field}: {e.Message}").Distinct().ToList();
        var kind = type.Group.Length == 0 ? type.Kind : $"{type.Kind}.{type.Group}";
        return new KubeFault(422, "Invalid",
            $"{kind} \"{name}\" is invalid: {(texts.Count == 1 ? texts[0] : $"[{string.Join(", ", texts)}]")}", details);
    }

    public static JsonObject Details(ResourceType type, string name)
    {
        var details = new JsonObject { ["name"] = name };
        if (type.Group.Length > 0) details["group"] = type.Group;
        details["kind"] = type.Plural;
        return details;
    }
}

/// <summary>What is wrong with a field.</summary>
/// <param name="Field">Its path, such as spec.replicas.</param>
/// <param name="Reason">FieldValueRequired, FieldValueInvalid, FieldValueForbidden, FieldValueDuplicate or FieldValueNotSupported.</param>
/// <param name="Message">Text.</param>
internal sealed record FieldError(string Field, string Reason, string Message)
{
    public static FieldError Required(string field, string more = "") =>
        new(field, "FieldValueRequired", "Required value" + (more.Length > 0 ? ": " + more : ""));

    public static FieldError Invalid(string field, string value, string why) =>
        new(field, "FieldValueInvalid", $"Invalid value: {value}: {why}");

    public static FieldError Forbidden(string field, string why) => new(field, "FieldValueForbidden", "Forbidden: " + why);

    public static FieldError NotSupported(string field, string value, params string[] supported) =>
        new(field, "FieldValueNotSupported",
            $"Unsupported value: \"{value}\": supported values: {string.Join(", ", supported.Select(s => $"\"{s}\""))}");
}
