using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using K2hdkcDbaas.Sandbox.Kubernetes.Store;

namespace K2hdkcDbaas.Sandbox.Kubernetes.Api;

/// <summary>Watches: changes as lines of JSON, as they happen.</summary>
internal sealed class WatchStreams(ObjectStore store, TimeProvider clock, CancellationToken life) : IDisposable
{
    private static readonly TimeSpan BookmarkEvery = TimeSpan.FromSeconds(10);
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private CancellationTokenSource _cut = new();

    /// <summary>Breaks the connections of all watches that run now.</summary>
    public void Cut()
    {
        var cut = Interlocked.Exchange(ref _cut, new CancellationTokenSource());
        cut.Cancel();
        cut.Dispose();
    }

    public void Dispose() => _cut.Dispose();

    public async Task ServeAsync(ApiRequest request, ResourceType type)
    {
        var context = request.Context;
        var form = Forms.Of(request);
        var (labels, fields) = (Selectors.Labels(request.Query("labelSelector")), Selectors.Fields(type, request.Query("fieldSelector")));
        bool Wants(JsonObject? o) =>
            o is not null && (request.Namespace.Length == 0 || o.Namespace() == request.Namespace) && labels(o) && fields(o);
        var sendsInitial = request.Flag("sendInitialEvents");
        if (sendsInitial && request.Query("resourceVersionMatch") != "NotOlderThan")
            throw new KubeFault(422, "Invalid",
                "ListOptions.meta.k8s.io \"\" is invalid: resourceVersionMatch: Forbidden: sendInitialEvents requires setting "
                    + "resourceVersionMatch to NotOlderThan");
        long revision = 0;
        if (request.Query("resourceVersion") is { Length: > 0 } asked
            && (!long.TryParse(asked, NumberStyles.None, CultureInfo.InvariantCulture, out revision) || revision < 0))
            throw KubeFault.BadRequest(
                $"resourceVersion: Invalid value: \"{asked}\": strconv.ParseUint: parsing \"{asked}\": invalid syntax");

        var cut = _cut.Token;
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, life, cut);
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(Math.Max(1, request.Number("timeoutSeconds") ?? 1800)), clock);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(end.Token, timeout.Token);
        context.Response.ContentType = "application/json";
        var withColumns = true;
        async Task SendAsync(string kind, JsonObject obj)
        {
            JsonNode shown = kind is "ERROR" ? obj.DeepClone() : form switch
            {
                Form.Table when kind == "BOOKMARK" =>
                    Tables.Write(type, [], "None", clock.GetUtcNow(),
                        new JsonObject { ["resourceVersion"] = obj.Text("metadata", "resourceVersion") }, withColumns),
                Form.Table =>
                    Tables.Write(type, [obj], request.Query("includeObject") ?? "Metadata", clock.GetUtcNow(),
                        new JsonObject { ["resourceVersion"] = obj.Text("metadata", "resourceVersion") }, withColumns),
                Form.Partial => Tables.Partial(obj),
                _ => obj.DeepClone(),
            };
            if (form == Form.Table && kind != "ERROR") withColumns = false;
            var line = new JsonObject { ["type"] = kind, ["object"] = shown }.ToJsonString(Plain) + "\n";
            await context.Response.WriteAsync(line, ends.Token).ConfigureAwait(false);
        }

        Task BookmarkAsync(bool endsInitial)
        {
            var meta = new JsonObject
            {
                ["resourceVersion"] = revision.ToString(CultureInfo.InvariantCulture),
                ["creationTimestamp"] = null
            };
            if (endsInitial) meta["annotations"] = new JsonObject { ["k8s.io/initial-events-end"] = "true" };
            return SendAsync("BOOKMARK", new JsonObject { ["kind"] = type.Kind, ["apiVersion"] = type.ApiVersion, ["metadata"] = meta });
        }

        try
        {
            if (revision == 0 || sendsInitial)
            {
                IReadOnlyList<JsonObject> all;
                lock (store.Gate) (all, revision) = (store.All(type), store.Revision);
                await context.Response.StartAsync(ends.Token).ConfigureAwait(false);
                foreach (var obj in all.Where(Wants)) await SendAsync("ADDED", obj).ConfigureAwait(false);
                if (sendsInitial && request.Flag("allowWatchBookmarks")) await BookmarkAsync(endsInitial: true).ConfigureAwait(false);
            }
            await context.Response.StartAsync(ends.Token).ConfigureAwait(false);
            await context.Response.Body.FlushAsync(ends.Token).ConfigureAwait(false);
            var nextBookmark = clock.GetUtcNow() + BookmarkEvery;
            while (true)
            {
                var next = store.NextChange;
                IReadOnlyList<ObjectChange>? changes;
                long seen;
                lock (store.Gate) (changes, seen) = (store.Since(type, revision), store.Revision);
                if (changes is null)
                {
                    await SendAsync("ERROR", KubeFault.Gone($"too old resource version: {revision} ({seen})").ToStatus()).ConfigureAwait(
                        false);
                    return;
                }
                foreach (var change in changes)
                {
                    var (was, isNow) = (Wants(change.Before), !change.IsRemoval && Wants(change.Object));
                    if (was && !isNow) await SendAsync("DELETED", change.IsRemoval ? change.Object : Leaving(change)).ConfigureAwait(false);
                    else if (isNow) await SendAsync(was ? "MODIFIED" : "ADDED", change.Object).ConfigureAwait(false);
                }
                revision = seen;
                if (request.Flag("allowWatchBookmarks") && clock.GetUtcNow() >= nextBookmark)
                {
                    nextBookmark = clock.GetUtcNow() + BookmarkEvery;
                    await BookmarkAsync(endsInitial: false).ConfigureAwait(false);
                }
                await context.Response.Body.FlushAsync(ends.Token).ConfigureAwait(false);
                using var idle = CancellationTokenSource.CreateLinkedTokenSource(ends.Token);
                await Task.WhenAny(next, Task.Delay(BookmarkEvery, clock, idle.Token)).ConfigureAwait(false);
                await idle.CancelAsync().ConfigureAwait(false);
                ends.Token.ThrowIfCancellationRequested();
            }
        }
        catch (OperationCanceledException) when (cut.IsCancellationRequested)
        {
            context.Abort();
        }
        catch (OperationCanceledException) when (ends.IsCancellationRequested)
        {
            // The watch's time is over, or the client or the sandbox is gone.
        }
    }

    // An object that the selector no longer takes shows its former state with the new version.
    private static JsonObject Leaving(ObjectChange change)
    {
        var last = change.Before!.Copy();
        last.Meta()["resourceVersion"] = change.Revision.ToString(CultureInfo.InvariantCulture);
        return last;
    }
}
