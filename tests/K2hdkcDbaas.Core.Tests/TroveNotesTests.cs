using K2hdkcDbaas.Core.Backends.Trove;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Errors;

namespace K2hdkcDbaas.Core.Tests;

public class TroveNotesTests
{
    private static readonly TroveNotes Full = new("night", "demo", "node 1 at 50%")
    {
        SetSize = 3,
        Group = "00000000-0000-0000-0000-000000000001",
        Volume = 5,
        Ports = new ClusterPorts { Server = 9020, ServerControl = 9021 },
        Settings = new Dictionary<string, string> { ["no_proxy"] = "a, b" },
        Note = "before | the change",
    };

    [Fact]
    public void What_is_written_is_read()
    {
        var left = new List<string>();
        var text = Full.Write(left);
        Assert.Equal("k2hdkc set=night cluster=demo node=node%201%20at%2050%25 of=3 group=00000000-0000-0000-0000-000000000001 volume=5 "
            + "ports=9020/9021/8031 no_proxy=a,%20b | before | the change", text);
        var back = TroveNotes.Read(text)!;
        Assert.Equal(Full with { Settings = back.Settings }, back);
        Assert.Equal(Full.Settings, back.Settings);
        Assert.Empty(left);
        Assert.Equal(new ClusterPorts(), TroveNotes.Read((Full with { Ports = new ClusterPorts() }).Write(left))!.Ports);
    }

    [Fact]
    public void Older_descriptions_are_read_and_others_are_not()
    {
        Assert.Equal(new TroveNotes("night", "demo", "a") { Note = "my note" },
            TroveNotes.Read("k2hdkc set=night cluster=demo node=a | my note")! with { Settings = new TroveNotes("", "", "").Settings },
            Same);
        foreach (var other in new[] { null, "", "mine", "k2hdkc is slow", "k2hdkc set=night cluster=demo" })
            Assert.Null(TroveNotes.Read(other));

        static bool Same(TroveNotes? x, TroveNotes? y) => x! with { Settings = y!.Settings } == y;
    }

    [Fact]
    public void Settings_give_way_and_the_rest_has_to_fit()
    {
        var left = new List<string>();
        var text = (Full with { Settings = new Dictionary<string, string> { ["http_proxy"] = new('x', 200), ["no_proxy"] = "b" } })
            .Write(left);
        Assert.True(text.Length <= 255);
        Assert.Equal(["http_proxy"], left);
        Assert.Equal("b", TroveNotes.Read(text)!.Settings["no_proxy"]);

        var e = Assert.Throws<DbaasException>(() => (Full with { Note = new string('n', 200) }).Write(left));
        Assert.Equal((ErrorIds.InvalidRequest, "node 1 at 50%"), (e.ErrorId, e.Target));
        Assert.Contains("-Description", e.NextStep, StringComparison.Ordinal);
    }
}
