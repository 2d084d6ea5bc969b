using System.Text.Json.Nodes;

namespace K2hdkcDbaas.Sandbox.Tests.Kubernetes;

/// <summary>Watches: events, bookmarks, their end, and what is too old.</summary>
public sealed class WatchTests
{
    private const string Maps = "/api/v1/namespaces/demo/configmaps";

    private static async Task<StreamReader> OpenAsync(Kube kube, string query)
    {
        var answer = await kube.Http.GetAsync(new Uri(kube.Server, $"{Maps}?watch=1{query}"), HttpCompletionOption.ResponseHeadersRead,
            Kube.Ct);
        Assert.Equal(200, (int)answer.StatusCode);
        return new StreamReader(await answer.Content.ReadAsStreamAsync(Kube.Ct));
    }

    private static async Task<(string Type, JsonNode Object)> NextAsync(StreamReader reader)
    {
        var line = JsonNode.Parse(await reader.ReadLineAsync(Kube.Ct) ?? throw new EndOfStreamException())!;
        return (Kube.Word(line, "type"), line["object"]!);
    }

    private static async Task<string> RevisionAsync(Kube kube) =>
        Kube.Word((await kube.GetAsync(Maps)).Body, "metadata", "resourceVersion");

    [Fact]
    public async Task Changes_come_as_they_happen_and_selectors_turn_them_into_comings_and_goings()
    {
        await using var kube = await Kube.StartAsync();
        using var all = await OpenAsync(kube, "&resourceVersion=" + await RevisionAsync(kube));
        using var some = await OpenAsync(kube, "&labelSelector=a%3Db&resourceVersion=" + await RevisionAsync(kube));
        await kube.MustAsync("POST", Maps, """{"metadata": {"name": "m"}}""");
        await kube.MustAsync("PATCH", Maps + "/m", """{"metadata": {"labels": {"a": "b"}}}""", Kube.Merge);
        await kube.MustAsync("PATCH", Maps + "/m", """{"metadata": {"labels": {"a": null}}}""", Kube.Merge);
        await kube.MustAsync("DELETE", Maps + "/m");
        var seen = new List<string>();
        for (var i = 0; i < 4; i++) seen.Add((await NextAsync(all)).Type);
        Assert.Equal(["ADDED", "MODIFIED", "MODIFIED", "DELETED"], seen);
        Assert.Equal("ADDED", (await NextAsync(some)).Type);
        Assert.Equal("DELETED", (await NextAsync(some)).Type);
    }

    [Fact]
    public async Task A_watch_goes_on_where_a_list_ended()
    {
        await using var kube = await Kube.StartAsync();
        var revision = await RevisionAsync(kube);
        await kube.MustAsync("POST", Maps, """{"metadata": {"name": "m"}}""");
        using var watch = await OpenAsync(kube, "&resourceVersion=" + revision);
        var (type, obj) = await NextAsync(watch);
        Assert.Equal(("ADDED", "m"), (type, Kube.Word(obj, "metadata", "name")));
    }

    [Fact]
    public async Task What_is_too_old_is_gone()
    {
        await using var kube = await Kube.StartAsync();
        var revision = await RevisionAsync(kube);
        kube.Host.CompactKubernetes();
        using var watch = await OpenAsync(kube, "&resourceVersion=" + revision);
        var (type, status) = await NextAsync(watch);
        Assert.Equal(("ERROR", 410, "Expired"), (type, Kube.Number(status, "code"), Kube.Word(status, "reason")));
        Assert.Null(await watch.ReadLineAsync(Kube.Ct));
    }

    [Fact]
    public async Task Bookmarks_come_and_the_time_is_up()
    {
        await using var kube = await Kube.StartAsync(speed: 0);
        using var watch = await OpenAsync(kube, "&allowWatchBookmarks=true&timeoutSeconds=30&resourceVersion=" + await RevisionAsync(kube));
        kube.Host.Clock.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal("BOOKMARK", (await NextAsync(watch)).Type);
        kube.Host.Clock.Advance(TimeSpan.FromSeconds(30));
        string? line;
        while ((line = await watch.ReadLineAsync(Kube.Ct)) is not null) Assert.Contains("BOOKMARK", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Initial_events_end_with_a_bookmark()
    {
        await using var kube = await Kube.StartAsync();
        await kube.UntilAsync(Maps + "/kube-root-ca.crt", _ => true);
        using var watch = await OpenAsync(kube, "&sendInitialEvents=true&allowWatchBookmarks=true&resourceVersionMatch=NotOlderThan");
        Assert.Equal("ADDED", (await NextAsync(watch)).Type);
        var (type, obj) = await NextAsync(watch);
        Assert.Equal(("BOOKMARK", "true"), (type, Kube.Word(obj, "metadata", "annotations", "k8s.io/initial-events-end")));
    }

    [Fact]
    public async Task Watches_can_be_cut()
    {
        await using var kube = await Kube.StartAsync();
        using var watch = await OpenAsync(kube, "&resourceVersion=" + await RevisionAsync(kube));
        kube.Host.CutWatches();
        await Assert.ThrowsAnyAsync<IOException>(async () => await watch.ReadLineAsync(Kube.Ct));
    }
}
