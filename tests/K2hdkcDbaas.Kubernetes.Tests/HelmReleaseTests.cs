using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using K2hdkcDbaas.Errors;

namespace K2hdkcDbaas.Kubernetes.Tests;

public sealed class HelmReleaseTests
{
    // As Helm 3.17 writes it, cut to what is read.
    private const string Record = """
        {"name": "web", "namespace": "demo", "version": 3,
         "info": {"first_deployed": "2026-01-02T03:04:05.678901234+09:00", "last_deployed": "2026-02-02T00:00:00Z", "status": "failed", "description": "no Job"},
         "chart": {"metadata": {"name": "k2hdkc", "version": "1.0.10", "appVersion": "1.0.9"},
          "values": {"dbaas": {"clusterName": "", "server": {"count": 2}}}, "schema": "e30=",
          "templates": [{"name": "templates/a.yaml", "data": "YTogMQ=="}], "files": [{"name": "files/b.sh", "data": "ZWNobw=="}]},
         "config": {"dbaas": {"slave": {"count": 4}}, "k2hr3": {"unscopedToken": "hidden"}}, "manifest": "---\nkind: Service\n"}
        """;

    [Fact]
    public void A_revision_is_read()
    {
        var release = HelmRelease.Read(Pack(Record));
        Assert.Equal(("web", 3, "failed", "no Job", "k2hdkc", "1.0.10", "1.0.9"),
            (release.Name, release.Revision, release.Status, release.Description, release.ChartName, release.ChartVersion,
                release.AppVersion));
        Assert.Equal(new DateTimeOffset(2026, 1, 1, 18, 4, 5, TimeSpan.Zero), release.Created!.Value.AddTicks(-6789012));
        Assert.Equal(("web", 2, 4, null),
            (release.Cluster, release.Number("dbaas", "server", "count"), release.Number("dbaas", "slave", "count"),
                release.Number("dbaas", "port")));
        Assert.DoesNotContain("hidden", release.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("{\"name\":")]
    public void What_is_no_release_is_an_error(string text) =>
        Assert.Equal(HelmErrorIds.HelmReleaseUnreadable, Assert.Throws<DbaasException>(() => HelmRelease.Read(Pack(text))).ErrorId);

    [Fact]
    public void What_is_not_packed_as_Helm_packs_is_an_error()
    {
        byte[] torn = Encoding.ASCII.GetBytes(Convert.ToBase64String([0x1f, 0x8b, 1, 2, 3]));
        foreach (var data in (byte[][])[[], [1, 2, 3], torn])
            Assert.Equal(HelmErrorIds.HelmReleaseUnreadable, Assert.Throws<DbaasException>(() => HelmRelease.Read(data)).ErrorId);
    }

    [Fact]
    public void Its_chart_is_laid_out_and_taken_away()
    {
        string path;
        using (var chart = HelmChartFolder.Of(HelmRelease.Read(Pack(Record))))
        {
            path = chart.Path;
            Assert.Equal("a: 1", File.ReadAllText(Path.Combine(path, "templates", "a.yaml")));
            Assert.Equal("echo", File.ReadAllText(Path.Combine(path, "files", "b.sh")));
            Assert.Equal("{}", File.ReadAllText(Path.Combine(path, "values.schema.json")));
            Assert.Contains("\"k2hdkc\"", File.ReadAllText(Path.Combine(path, "Chart.yaml")), StringComparison.Ordinal);
            if (!OperatingSystem.IsWindows())
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(path));
        }

        Assert.False(Directory.Exists(path));
    }

    [Theory]
    [InlineData("../escaped")]
    [InlineData("/etc/escaped")]
    public void A_chart_writes_nothing_outside_its_folder(string name)
    {
        var record = JsonNode.Parse(Record)!;
        record["chart"]!["files"]![0]!["name"] = name;
        var release = HelmRelease.Read(Pack(record.ToJsonString()));
        Assert.Equal(HelmErrorIds.HelmReleaseUnreadable, Assert.Throws<DbaasException>(() => HelmChartFolder.Of(release)).ErrorId);
    }

    [Fact]
    public void A_chart_of_charts_is_not_made_up()
    {
        var record = JsonNode.Parse(Record)!;
        record["chart"]!["metadata"]!["dependencies"] = new JsonArray(new JsonObject { ["name"] = "other" });
        var e = Assert.Throws<DbaasException>(() => HelmChartFolder.Of(HelmRelease.Read(Pack(record.ToJsonString()))));
        Assert.Contains("helm upgrade web", e.NextStep, StringComparison.Ordinal);
    }

    [Fact]
    public void Rendered_objects_are_read_and_strange_ones_passed_over()
    {
        var objects = HelmObjects.Parse("""
            ---
            # Source: a
            apiVersion: apps/v1
            kind: StatefulSet
            metadata: {name: s}
            spec: {template: {spec: {volumes: [{name: v, secret: {secretName: mine}}, {name: w, secret: {secretName: maybe, optional: true}}]}}}
            ---
            apiVersion: other/v9
            kind: Thing
            metadata: {name: t}
            ---
            apiVersion: v1
            kind: Secret
            metadata: {name: mine, namespace: default}
            """);
        Assert.Equal(["mine"], objects.MountedSecrets);
        Assert.True(objects.Has("StatefulSet", "s", "demo"));
        Assert.False(objects.Has("Secret", "mine", "demo"));
        Assert.Equal("default", objects.NamespaceOf("Secret", "mine"));
    }

    private static byte[] Pack(string text)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest)) gzip.Write(Encoding.UTF8.GetBytes(text));
        return Encoding.ASCII.GetBytes(Convert.ToBase64String(packed.ToArray()));
    }
}
