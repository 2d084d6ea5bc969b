using System.Text.Json.Nodes;

namespace K2hdkcDbaas.Sandbox.Kubernetes.Api;

/// <summary>Reads an object from a request's body, JSON or protobuf.</summary>
internal static class RequestBody
{
    private const int Limit = 3 * 1024 * 1024;

    /// <exception cref="KubeFault">415 for another form, 400 for a body that is no object, 413 for too large a one.</exception>
    public static async Task<JsonObject> ReadAsync(HttpContext context)
    {
        var type = (context.Request.ContentType ?? "").Split(';')[0].Trim();
        if (context.Request.ContentLength > Limit)
            throw new KubeFault(413, "RequestEntityTooLarge", $"Request entity too large: limit is {Limit}");
        switch (type)
        {
            case "" or "application/json":
                return await context.ReadJsonAsync(chunked: true).ConfigureAwait(false) as JsonObject
                    ?? throw KubeFault.BadRequest("couldn't get version/kind; json parse error: the body is no JSON object");
            case ProtobufBody.ContentType:
                using (var kept = new MemoryStream())
                {
                    await context.Request.Body.CopyToAsync(kept, context.RequestAborted).ConfigureAwait(false);
                    return ProtobufBody.Read(kept.GetBuffer().AsMemory(0, (int)kept.Length));
                }
            default:
                throw new KubeFault(415, "UnsupportedMediaType",
                    "the body of the request was in an unknown format - accepted media types include: application/json, "
                        + "application/vnd.kubernetes.protobuf");
        }
    }
}
