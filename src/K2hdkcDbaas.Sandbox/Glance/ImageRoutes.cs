using System.Globalization;
using System.Text.Json.Nodes;

namespace K2hdkcDbaas.Sandbox.Glance;

/// <summary>/v2/images.</summary>
internal sealed class ImageRoutes(SandboxState state)
{
    private static readonly string?[] DiskFormats =
        [null, "ami", "ari", "aki", "vhd", "vhdx", "vmdk", "raw", "qcow2", "vdi", "iso", "ploop"];
    private static readonly HashSet<string> NotFilters =
        new(StringComparer.Ordinal) { "limit", "marker", "sort", "sort_key", "sort_dir", "tag", "member_status", "os_hidden" };

    /// <summary>Kind of the faults whose text stands beneath the web framework's own.</summary>
    public const string Beneath = "beneath";

    private ImageStore Store => state.Images;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v2/images", List);
        routes.MapPost("/v2/images", CreateAsync);
        routes.MapGet("/v2/images/{id}", context =>
        {
            lock (state.Gate) return context.WriteJsonAsync(200, Find(context).ToJson());
        });
        routes.MapPatch("/v2/images/{id}", PatchAsync);
        routes.MapDelete("/v2/images/{id}", Delete);
        routes.MapPut("/v2/images/{id}/file", UploadAsync);
        routes.MapGet("/v2/images/{id}/file", async context =>
        {
            ReadOnlyMemory<byte> data;
            lock (state.Gate)
            {
                var image = Find(context);
                if (image.Status != "active") { context.Response.StatusCode = 204; return; }
                data = image.Data;
            }
            context.Response.ContentType = "application/octet-stream";
            await context.Response.Body.WriteAsync(data, context.RequestAborted).ConfigureAwait(false);
        });
    }

    private Task List(HttpContext context)
    {
        var (token, project) = context.Member(state);
        var query = context.Request.Query;
        lock (state.Gate)
        {
            // Community images are only listed for those who ask for them.
            var items = Store.Visible(token).Reverse()
                .Where(i => i.Visibility != "community" || i.Owner == project || query["visibility"] == "community")
                .Where(i => i.Hidden == (query["os_hidden"].ToString().Equals("true", StringComparison.OrdinalIgnoreCase)))
                .Where(i => query["tag"].All(t => i.Tags.Contains(t!)))
                .Select(i => i.ToJson())
                .Where(i => query.Where(q => !NotFilters.Contains(q.Key)).All(q => Matches(i, q.Key, q.Value.ToString())))
                .ToList();
            if (query["marker"].ToString() is { Length: > 0 } marker)
            {
                var at = items.FindIndex(i => i["id"].AsText() == marker);
                items = at < 0 ? throw new ApiFault(400, $"No image found with ID {marker}") : items[(at + 1)..];
            }
            var limit = 25;
            if (query["limit"].ToString() is { Length: > 0 } text
                && (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit < 0))
                throw new ApiFault(400, "limit param must be an integer");
            var answer = new JsonObject
            {
                ["images"] = JsonHttp.ToArray(items.Take(limit), i => i),
                ["first"] = "/v2/images" + Rest(query, null),
                ["schema"] = "/v2/schemas/images",
            };
            if (limit > 0 && items.Count >= limit) answer["next"] = "/v2/images" + Rest(query, items[limit - 1]["id"].AsText());
            return context.WriteJsonAsync(200, answer);
        }
    }

    private async Task CreateAsync(HttpContext context)
    {
        var (token, project) = context.Member(state);
        var body = await context.ReadJsonAsync().ConfigureAwait(false) switch
        {
            JsonObject given => given,
            null => throw new ApiFault(400, "Malformed JSON in request body."),
            // Glance 25 falls over a body that is no object.
            _ => throw new ApiFault(500, ""),
        };
        if (body["visibility"].AsText() == "public" && !token.IsAdmin)
            throw new ApiFault(403, "You are not authorized to complete publicize_image action.");
        if (body.TryGetPropertyValue("disk_format", out var format) && !DiskFormats.Contains(format.AsText()))
            throw new ApiFault(400,
                $"Provided object does not match schema 'image': {PythonText.Repr(format)} is not one of "
                    + $"[{string.Join(", ", DiskFormats.Select(f => f is null ? "None" : $"'{f}'"))}]");
        JsonObject answer;
        lock (state.Gate)
        {
            var id = body["id"].AsText();
            if (id is not null && !Guid.TryParse(id, out _))
                throw new ApiFault(400,
                    $"Provided object does not match schema 'image': '{id}' does not match "
                        + $"'^([0-9a-fA-F]){{8}}-([0-9a-fA-F]){{4}}-([0-9a-fA-F]){{4}}-([0-9a-fA-F]){{4}}-([0-9a-fA-F]){{12}}$'");
            if (Store.Images.Exists(i => i.Id == id)) throw new ApiFault(409, $"Image ID {id} already exists!");
            var image = Store.New(project, id);
            foreach (var (name, value) in body)
            {
                if (name != "id") ImagePatch.Set(image, name, value);
            }
            answer = image.ToJson();
        }
        context.Response.Headers.Location = $"{context.BaseUrl()}/v2/images/{answer["id"]}";
        await context.WriteJsonAsync(201, answer).ConfigureAwait(false);
    }

    private async Task PatchAsync(HttpContext context)
    {
        context.Member(state);
        var type = context.Request.ContentType ?? "";
        if (!type.StartsWith("application/openstack-images-v2.", StringComparison.Ordinal)
            || !type.Contains("-json-patch", StringComparison.Ordinal))
            throw Unsupported(type);
        var body = await context.ReadJsonAsync().ConfigureAwait(false) as JsonArray
            ?? throw new ApiFault(400, "Request body must be a JSON array of operation objects.");
        JsonObject answer;
        lock (state.Gate)
        {
            var image = Owned(context);
            ImagePatch.Apply(image, body, context.Member(state).Token.IsAdmin);
            image.Updated = state.Now;
            answer = image.ToJson();
        }
        await context.WriteJsonAsync(200, answer).ConfigureAwait(false);
    }

    private Task Delete(HttpContext context)
    {
        lock (state.Gate)
        {
            var image = Owned(context, "Failed to find image {0} to delete");
            if (image.IsProtected) throw new ApiFault(403, $"Image {image.Id} is protected and cannot be deleted.");
            Store.Images.Remove(image);
        }
        context.Response.StatusCode = 204;
        context.Response.ContentType = "text/html; charset=UTF-8";
        return Task.CompletedTask;
    }

    private async Task UploadAsync(HttpContext context)
    {
        if (context.Request.ContentType?.Split(';')[0].Trim() is not "application/octet-stream")
            throw Unsupported(context.Request.ContentType ?? "");
        lock (state.Gate)
        {
            var image = Owned(context);
            if (image.Status != "queued") throw new ApiFault(409, $"Image status transition from {image.Status} to saving is not allowed");
            image.Status = "saving";
        }
        using var kept = new MemoryStream();
        await context.Request.Body.CopyToAsync(kept, context.RequestAborted).ConfigureAwait(false);
        lock (state.Gate) Find(context).Fill(kept.ToArray(), state.Now);
        context.Response.StatusCode = 204;
        context.Response.ContentType = "text/html; charset=UTF-8";
    }

    private static ApiFault Unsupported(string type) => new(415, $"The request media type {type} is not supported by this server.");

    private Image Find(HttpContext context, string unknown = "No image found with ID {0}")
    {
        var (token, _) = context.Member(state);
        var id = context.Route("id");
        return Store.Find(token, id) ?? throw new ApiFault(404, unknown.Replace("{0}", id, StringComparison.Ordinal));
    }

    private Image Owned(HttpContext context, string unknown = "No image found with ID {0}")
    {
        var (token, project) = context.Member(state);
        var image = Find(context, unknown);
        return token.IsAdmin || image.Owner == project ? image : throw new ApiFault(403, "You do not own this image");
    }

    private static bool Matches(JsonObject image, string name, string value)
    {
        // "in:a,b" names several values.
        var wanted = value.StartsWith("in:", StringComparison.Ordinal) ? value[3..].Split(',') : [value];
        return image.TryGetPropertyValue(name, out var actual) && wanted.Contains(PythonText.Str(actual));
    }

    private static string Rest(IQueryCollection query, string? marker)
    {
        var parts = query.Where(q => q.Key != "marker").Select(q => $"{q.Key}={Uri.EscapeDataString(q.Value.ToString())}").ToList();
        if (marker is not null) parts.Add("marker=" + marker);
        return parts.Count == 0 ? "" : "?" + string.Join('&', parts);
    }
}
