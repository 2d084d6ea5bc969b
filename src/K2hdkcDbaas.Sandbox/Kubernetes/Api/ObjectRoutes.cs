using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using K2hdkcDbaas.Sandbox.Kubernetes.Patches;
using K2hdkcDbaas.Sandbox.Kubernetes.Store;

namespace K2hdkcDbaas.Sandbox.Kubernetes.Api;

/// <summary>The verbs on objects: get, list, create, update, patch, delete, deletecollection; status and scale.</summary>
internal sealed class ObjectRoutes(ObjectRegistry registry, WatchStreams watches)
{
    private ObjectStore Store => registry.Store;

    /// <summary>
    /// Answers a request for an object, its status or its scale, or for a list; false for subresources that are not here.
    /// </summary>
    public async Task<bool> AnswerAsync(ApiRequest request, ResourceType type)
    {
        if (request.Subresource is not ("" or "status" or "scale" or "finalize")) return false;
        if ((request.Subresource == "status" && !type.HasStatus) || (request.Subresource == "scale" && !type.HasScale)
            || (request.Subresource == "finalize" && type != ResourceTypes.Namespaces)) return false;
        if (type.IsNamespaced && request.Namespace.Length == 0 && (request.Name.Length > 0 || request.Method is not ("GET" or "HEAD")))
            return false;
        if (!type.IsNamespaced && request.Namespace.Length > 0) return false;
        switch (request.Method)
        {
            case "GET" or "HEAD" when request.Name.Length == 0:
                await (request.IsWatch ? watches.ServeAsync(request, type) : ListAsync(request, type)).ConfigureAwait(false);
                return true;
            case "GET" or "HEAD":
                var found = Store.Find(type, request.Namespace, request.Name) ?? throw KubeFault.NotFound(type, request.Name);
                await WriteAsync(request, type, 200, request.Subresource == "scale" ? Scale(found) : found).ConfigureAwait(false);
                return true;
            case "POST" when request.Name.Length == 0:
                await CreateAsync(request, type).ConfigureAwait(false);
                return true;
            case "PUT" when request.Name.Length > 0:
                await ReplaceAsync(request, type).ConfigureAwait(false);
                return true;
            case "PATCH" when request.Name.Length > 0:
                await PatchAsync(request, type).ConfigureAwait(false);
                return true;
            case "DELETE" when request.Subresource.Length == 0:
                await DeleteAsync(request, type).ConfigureAwait(false);
                return true;
            default:
                return false;
        }
    }

    /// <summary>Writes an object in the form that the client asked for.</summary>
    public async Task WriteAsync(ApiRequest request, ResourceType type, int status, JsonObject obj, IReadOnlyList<string>? warnings = null)
    {
        foreach (var warning in warnings ?? [])
            request.Context.Response.Headers.Append("Warning", $"299 - \"{warning.Replace("\"", "\\\"", StringComparison.Ordinal)}\"");
        var body = Forms.Of(request) switch
        {
            Form.Table when request.Subresource is "" or "status" =>
                Tables.Write(type, [obj], request.Query("includeObject") ?? "Metadata", registry.Time,
                    new JsonObject { ["resourceVersion"] = obj.Text("metadata", "resourceVersion") }),
            Form.Partial => Tables.Partial(obj),
            _ => obj,
        };
        await request.Context.WriteJsonAsync(status, body).ConfigureAwait(false);
    }

    private async Task ListAsync(ApiRequest request, ResourceType type)
    {
        var (labels, fields) = (Selectors.Labels(request.Query("labelSelector")), Selectors.Fields(type, request.Query("fieldSelector")));
        var limit = request.Number("limit") ?? 0;
        List<JsonObject> all;
        long revision;
        var (start, left) = ("", 0);
        lock (Store.Gate)
        {
            revision = Store.Revision;
            all = [.. Store.All(type, request.Namespace.Length > 0 ? request.Namespace : null)];
            if (request.Query("continue") is { Length: > 0 } token)
            {
                (revision, start) = ReadContinue(token);
                if (Store.Since(type, revision) is not { } since)
                    throw KubeFault.Gone(
                        "The provided continue parameter is too old to display a consistent list result. You can start a new list without "
                            + "the continue parameter, or use the continue token in this response to retrieve the remainder of the "
                            + "results. Continuing with the provided token results in an inconsistent list - objects that were created, "
                            + "modified, or deleted between the time the first chunk was returned and now may show up in the list.");
                all = AsOf(all, since, request.Namespace);
            }
            else if (request.Query("resourceVersion") is { Length: > 0 } wanted && request.Query("resourceVersionMatch") == "Exact"
                && long.TryParse(wanted, NumberStyles.None, CultureInfo.InvariantCulture, out var exact))
            {
                if (Store.Since(type, exact) is not { } since)
                    throw KubeFault.Gone($"The resourceVersion for the provided list is too old.");
                (revision, all) = (exact, AsOf(all, since, request.Namespace));
            }
        }
        all = [.. all.Where(o => string.CompareOrdinal(Key(o), start) > 0 && labels(o) && fields(o))];
        var meta = new JsonObject { ["resourceVersion"] = revision.ToString(CultureInfo.InvariantCulture) };
        if (limit > 0 && all.Count > limit)
        {
            left = all.Count - limit;
            all = all[..limit];
            meta["continue"] = WriteContinue(revision, Key(all[^1]));
            if (string.IsNullOrEmpty(request.Query("labelSelector")) && string.IsNullOrEmpty(request.Query("fieldSelector")))
                meta["remainingItemCount"] = left;
        }
        var form = Forms.Of(request);
        if (form == Form.Table)
        {
            await request.Context.WriteJsonAsync(200,
                Tables.Write(type, all, request.Query("includeObject") ?? "Metadata", registry.Time, meta)).ConfigureAwait(false);
            return;
        }
        await request.Context.WriteJsonAsync(200, new JsonObject
        {
            ["kind"] = form == Form.Partial ? "PartialObjectMetadataList" : type.Kind + "List",
            ["apiVersion"] = form == Form.Partial ? "meta.k8s.io/v1" : type.ApiVersion,
            ["metadata"] = meta,
            ["items"] = JsonHttp.ToArray(all, o => form == Form.Partial ? Tables.Partial(o) : o.DeepClone()),
        }).ConfigureAwait(false);
    }

    private async Task CreateAsync(ApiRequest request, ResourceType type)
    {
        var obj = await RequestBody.ReadAsync(request.Context).ConfigureAwait(false);
        RequireType(obj, type);
        if (type.IsNamespaced)
        {
            if (obj.Namespace() is { Length: > 0 } own && own != request.Namespace)
                throw KubeFault.BadRequest("the namespace of the provided object does not match the namespace sent on the request");
            obj.Meta()["namespace"] = request.Namespace;
        }
        var options = Options(request);
        var made = registry.Create(type, obj, options);
        await WriteAsync(request, type, 201, made, options.Warnings).ConfigureAwait(false);
    }

    private async Task ReplaceAsync(ApiRequest request, ResourceType type)
    {
        var body = await RequestBody.ReadAsync(request.Context).ConfigureAwait(false);
        if (body.Name() is { Length: > 0 } own && own != request.Name)
            throw KubeFault.BadRequest($"the name of the object ({own}) does not match the name on the URL ({request.Name})");
        var options = Options(request);
        if (request.Subresource == "scale")
        {
            var scaled = registry.Update(type, request.Namespace, request.Name, live => Rescale(type, live, body), options);
            await WriteAsync(request, type, 200, Scale(scaled)).ConfigureAwait(false);
            return;
        }
        RequireType(body, type);
        if (request.Subresource == "finalize")
        {
            var ended = registry.Change(type, Store.Find(type, "", request.Name) ?? throw KubeFault.NotFound(type, request.Name),
                o => o.Ensure("spec")["finalizers"] = body.At("spec", "finalizers")?.DeepClone(), options.Manager, "finalize");
            await WriteAsync(request, type, 200, ended!).ConfigureAwait(false);
            return;
        }
        var obj = registry.Update(type, request.Namespace, request.Name, _ => body, options);
        await WriteAsync(request, type, 200, obj, options.Warnings).ConfigureAwait(false);
    }

    private async Task PatchAsync(ApiRequest request, ResourceType type)
    {
        var kind = (request.Context.Request.ContentType ?? "").Split(';')[0].Trim();
        var patch = await request.Context.ReadJsonAsync(chunked: true).ConfigureAwait(false);
        if (kind is "application/apply-patch+yaml")
        {
            await ApplyAsync(request,
                type, patch as JsonObject
                    ?? throw KubeFault.BadRequest("error decoding YAML: the sandbox reads apply patches that are JSON")).ConfigureAwait(
                        false);
            return;
        }
        var options = Options(request);
        Func<JsonObject, JsonObject> change = (kind, patch) switch
        {
            ("application/json-patch+json", JsonArray list) => live => ObjectPatch.Json(live, list),
            ("application/merge-patch+json", JsonObject merge) => live => (JsonObject)ObjectPatch.Merge(live, merge)!,
            ("application/strategic-merge-patch+json", JsonObject strategic) => live => ObjectPatch.Strategic(live, strategic, type.Kind),
            ("application/json-patch+json" or "application/merge-patch+json" or "application/strategic-merge-patch+json", _) =>
                throw KubeFault.BadRequest("error decoding patch: the body is no such patch"),
            _ => throw new KubeFault(415, "UnsupportedMediaType",
                $"the body of the request was in an unknown format - accepted media types include: application/json-patch+json, "
                    + $"application/merge-patch+json, application/strategic-merge-patch+json, application/apply-patch+yaml"),
        };
        if (request.Subresource == "scale")
        {
            var scaled = registry.Update(type, request.Namespace, request.Name, live => Rescale(type, live, change(Scale(live))), options);
            await WriteAsync(request, type, 200, Scale(scaled)).ConfigureAwait(false);
            return;
        }
        var obj = registry.Update(type, request.Namespace, request.Name, live =>
        {
            var changed = change(live);
            // A patch may carry a resource version, as a condition.
            if (changed.Name() != request.Name)
                throw KubeFault.Invalid(type, request.Name,
                    [FieldError.Invalid("metadata.name", $"\"{changed.Name()}\"", "field is immutable")]);
            return changed;
        }, options);
        await WriteAsync(request, type, 200, obj, options.Warnings).ConfigureAwait(false);
    }

    private async Task ApplyAsync(ApiRequest request, ResourceType type, JsonObject wanted)
    {
        if (request.Query("fieldManager") is not { Length: > 0 } manager)
            throw new KubeFault(400, "BadRequest",
                "PatchOptions.meta.k8s.io \"\" is invalid: fieldManager: Required value: is required for apply patch");
        if (wanted.At("metadata", "managedFields") is JsonArray { Count: > 0 })
            throw KubeFault.BadRequest("metadata.managedFields must be nil");
        if (request.Subresource == "scale") throw new KubeFault(415, "UnsupportedMediaType", "the sandbox does not apply to scale");
        RequireType(wanted, type);
        if (wanted.Name() is { Length: > 0 } named && named != request.Name)
            throw KubeFault.BadRequest($"the name of the object ({named}) does not match the name on the URL ({request.Name})");
        if (type.IsNamespaced && wanted.Namespace() is { Length: > 0 } space && space != request.Namespace)
            throw KubeFault.BadRequest(
                "the namespace of the provided object does not match the namespace sent on the request");
        wanted.Meta()["name"] = request.Name;
        if (type.IsNamespaced) wanted.Meta()["namespace"] = request.Namespace;
        var options = Options(request) with { Manager = manager, Applied = wanted };
        JsonObject obj;
        var status = 200;
        lock (Store.Gate)
        {
            var strict = SchemaCheck.Run(wanted.Copy(), type.Kind);
            if (strict.Unknown.Count > 0)
                throw new KubeFault(500, "InternalError",
                    $"failed to create typed patch object ({request.Namespace}/{request.Name}; {type.ApiVersion}, Kind={type.Kind}): "
                        + $".{strict.Unknown[0]}: field not declared in schema");
            var applied = wanted.Copy();
            // What the server fills in for the manager (data of stringData) is not what it asked for.
            if (Store.Find(type, request.Namespace, request.Name) is null)
            {
                if (request.Subresource.Length > 0) throw KubeFault.NotFound(type, request.Name);
                obj = registry.Create(type, applied, options);
                status = 201;
            }
            else
            {
                obj = registry.Update(type, request.Namespace, request.Name,
                    live => ServerSideApply.Apply(type, live, applied, manager, request.Flag("force"), request.Subresource), options);
            }
        }
        await WriteAsync(request, type, status, obj, options.Warnings).ConfigureAwait(false);
    }

    private async Task DeleteAsync(ApiRequest request, ResourceType type)
    {
        var body = request.Context.Request.ContentLength is > 0 || request.Context.Request.Headers.TransferEncoding.Count > 0
            ? await RequestBody.ReadAsync(request.Context).ConfigureAwait(false)
            : null;
        var options = new DeleteOptions
        {
            GracePeriod = body.At("gracePeriodSeconds").AsInt() ?? request.Number("gracePeriodSeconds"),
            Propagation = body.Text("propagationPolicy") is { Length: > 0 } policy
                ? policy
                : request.Query("propagationPolicy")
                    ?? (body.Flag("orphanDependents") || request.Flag("orphanDependents") ? "Orphan" : "Background"),
            Uid = body.At("preconditions", "uid").AsText(),
            ResourceVersion = body.At("preconditions", "resourceVersion").AsText(),
            IsDryRun = request.Query("dryRun") == "All" || body.Texts("dryRun").Contains("All"),
        };
        if (options.Propagation is not ("Background" or "Foreground" or "Orphan"))
            throw KubeFault.BadRequest($"invalid propagation policy: \"{options.Propagation}\"");
        if (request.Name.Length > 0)
        {
            var (obj, isGone) = registry.Delete(type, request.Namespace, request.Name, options);
            if (!isGone || type == ResourceTypes.Pods)
            {
                await WriteAsync(request, type, 200, obj).ConfigureAwait(false);
                return;
            }
            var details = KubeFault.Details(type, request.Name);
            details["uid"] = obj.Uid();
            await request.Context.WriteJsonAsync(200,
                new JsonObject
                {
                    ["kind"] = "Status",
                    ["apiVersion"] = "v1",
                    ["metadata"] = new JsonObject(),
                    ["status"] = "Success",
                    ["details"] = details
                }).ConfigureAwait(false);
            return;
        }
        if (type == ResourceTypes.Namespaces)
            throw new KubeFault(405, "MethodNotAllowed", "the server does not allow this method on the requested resource");
        var (labels, fields) = (Selectors.Labels(request.Query("labelSelector")), Selectors.Fields(type, request.Query("fieldSelector")));
        var items = new JsonArray();
        lock (Store.Gate)
        {
            foreach (var obj in Store.All(type, request.Namespace).Where(o => labels(o) && fields(o)))
                items.Add(registry.Delete(type, obj.Namespace(), obj.Name(),
                    options with { Uid = null, ResourceVersion = null }).Object.DeepClone());
        }
        await request.Context.WriteJsonAsync(200, new JsonObject
        {
            ["kind"] = type.Kind + "List",
            ["apiVersion"] = type.ApiVersion,
            ["metadata"] = new JsonObject { ["resourceVersion"] = Store.Revision.ToString(CultureInfo.InvariantCulture) },
            ["items"] = items,
        }).ConfigureAwait(false);
    }

    private static JsonObject Scale(JsonObject obj) => new()
    {
        ["kind"] = "Scale",
        ["apiVersion"] = "autoscaling/v1",
        ["metadata"] = new JsonObject
        {
            ["name"] = obj.Name(),
            ["namespace"] = obj.Namespace(),
            ["uid"] = obj.Uid(),
            ["resourceVersion"] = obj.Text("metadata", "resourceVersion"),
            ["creationTimestamp"] = obj.Text("metadata", "creationTimestamp"),
        },
        ["spec"] = new JsonObject { ["replicas"] = obj.Number(0, "spec", "replicas") },
        ["status"] = new JsonObject
        {
            ["replicas"] = obj.Number(0, "status", "replicas"),
            ["selector"] = Selectors.Write(obj.At("spec", "selector"))
        },
    };

    private static JsonObject Rescale(ResourceType type, JsonObject live, JsonObject scale)
    {
        if (scale.Text("metadata", "resourceVersion") is { Length: > 0 } version && version != live.Text("metadata", "resourceVersion"))
            throw KubeFault.Changed(type, live.Name());
        var replicas = scale.Number(0, "spec", "replicas");
        if (replicas < 0)
            throw new KubeFault(422, "Invalid",
                $"Scale.autoscaling \"{live.Name()}\" is invalid: spec.replicas: Invalid value: {replicas}: must be greater than or equal "
                    + $"to 0");
        live.Ensure("spec")["replicas"] = replicas;
        return live;
    }

    private static WriteOptions Options(ApiRequest request)
    {
        if (request.Query("dryRun") is { Length: > 0 } dry and not "All")
            throw KubeFault.BadRequest($"Invalid value: \"{dry}\": supported values: \"All\"");
        var validation = request.Query("fieldValidation") is { Length: > 0 } given ? given : "Warn";
        if (validation is not ("Strict" or "Warn" or "Ignore"))
            throw new KubeFault(422, "Invalid",
                $"CreateOptions.meta.k8s.io \"\" is invalid: fieldValidation: Unsupported value: \"{validation}\": supported values: "
                    + $"\"Ignore\", \"Strict\", \"Warn\"");
        var agent = request.Context.Request.Headers.UserAgent.ToString();
        return new WriteOptions(
            request.Query("fieldManager") is { Length: > 0 } manager
                ? manager
                : agent.Split('/')[0] is { Length: > 0 } program ? program : "unknown")
        {
            IsDryRun = request.Query("dryRun") == "All",
            Subresource = request.Subresource,
            FieldValidation = validation,
        };
    }

    private static void RequireType(JsonObject obj, ResourceType type)
    {
        obj.Default("apiVersion", type.ApiVersion);
        obj.Default("kind", type.Kind);
        if (obj.Text("apiVersion") != type.ApiVersion || obj.Text("kind") != type.Kind)
            throw KubeFault.BadRequest(
                $"{obj.Text("kind")} in version \"{obj.Text("apiVersion")}\" cannot be handled as a {type.Kind}: no kind "
                    + $"\"{obj.Text("kind")}\" is registered for version \"{obj.Text("apiVersion")}\"");
    }

    private static string Key(JsonObject obj) => obj.Namespace() + "/" + obj.Name();

    private static List<JsonObject> AsOf(List<JsonObject> now, IReadOnlyList<ObjectChange> since, string ns)
    {
        var then = new SortedDictionary<string, JsonObject>(now.ToDictionary(Key), StringComparer.Ordinal);
        foreach (var change in since.Reverse())
        {
            if (ns.Length > 0 && change.Object.Namespace() != ns) continue;
            if (change.Before is { } before) then[Key(before)] = before;
            else then.Remove(Key(change.Object));
        }
        return [.. then.Values];
    }

    private static string WriteContinue(long revision, string key) =>
        Convert.ToBase64String(
            Encoding.UTF8.GetBytes(new JsonObject { ["v"] = "meta.k8s.io/v1", ["rv"] = revision, ["start"] = key }.ToJsonString()));

    private static (long Revision, string Start) ReadContinue(string token)
    {
        try
        {
            var value = JsonNode.Parse(Convert.FromBase64String(token));
            return (value!["rv"]!.GetValue<long>(), value["start"]!.GetValue<string>());
        }
        catch (Exception e) when (e is FormatException or JsonException or InvalidOperationException or NullReferenceException)
        {
            throw KubeFault.BadRequest("continue key is not valid: the token cannot be read");
        }
    }
}
