using K2hdkcDbaas.Core.Sessions;

namespace K2hdkcDbaas.Core.Tests;

public class ShellSettingsTests
{
    [Theory]
    [InlineData("A=1", "1")]
    [InlineData("  export A=1 # note", "1")]
    [InlineData("A=\"two words\"", "two words")]
    [InlineData("A='$HOME `x`'", "$HOME `x`")]
    [InlineData("A=a\\ b", "a b")]
    [InlineData("A=\"q\\\"q\\n\"", "q\"q\\n")]
    [InlineData("A=$B/x", "bee/x")]
    [InlineData("A=${B}x", "beex")]
    [InlineData("A=x;echo y", "x")]
    [InlineData("A=", "")]
    [InlineData("A=http://h:1/?a=b", "http://h:1/?a=b")]
    [InlineData("A=a#b", "a#b")]
    [InlineData("A=1\nA=2\r\n", "2")]
    [InlineData("A=cost$", "cost$")]
    public void Reads_assignments(string text, string value) =>
        Assert.Equal(value, ShellSettings.Parse(text, name => name == "B" ? "bee" : null)["A"]);

    [Theory]
    [InlineData("A=$(rm -rf x)")]
    [InlineData("A=`id`")]
    [InlineData("A=\"$(id)\"")]
    [InlineData("A=x|y")]
    [InlineData("A='never closed")]
    [InlineData("# A=1")]
    [InlineData("1A=1")]
    [InlineData("echo A")]
    public void Passes_over_what_it_must_not_run_or_cannot_read(string text) => Assert.Empty(ShellSettings.Parse(text));

    [Fact]
    public void The_users_file_wins_over_the_machines_and_the_process_over_both()
    {
        using var folder = new TemporaryFolder();
        folder.Write("etc/antpickax/k2hr3.config", "K2HR3CLI_API_URI=http://etc\nK2HR3CLI_OPENSTACK_USER=machine\nX=1");
        folder.Write("home/.antpickax/k2hr3.config", "K2HR3CLI_API_URI=http://home\nX=2\n");
        var settings = K2hr3CliSettings.Load(null, name => name == "X" ? "3" : null, folder["home"], folder["etc"], _ => { });
        Assert.Equal("http://home", settings["K2HR3CLI_API_URI"]);
        Assert.Equal("machine", settings["K2HR3CLI_OPENSTACK_USER"]);
        Assert.Equal("3", settings["X"]);
        Assert.Null(settings["NOSUCH"]);
    }

    [Fact]
    public void A_file_that_nobody_named_and_that_cannot_be_read_is_passed_over()
    {
        using var folder = new TemporaryFolder();
        folder.Write("etc/antpickax/k2hr3.config", "A=etc");
        folder.Write("home/.antpickax/k2hr3.config", "B=home");
        // Shut even to who may read everything.
        using var shut = new FileStream(folder["etc/antpickax/k2hr3.config"], FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        var told = new List<string>();
        var settings = K2hr3CliSettings.Load(null, _ => null, folder["home"], folder["etc"], told.Add);
        Assert.Equal("home", settings["B"]);
        Assert.Contains("etc/antpickax", Assert.Single(told));
        Assert.Throws<Errors.DbaasException>(
            () => K2hr3CliSettings.Load(folder["etc/antpickax/k2hr3.config"], _ => null, folder["home"], folder["etc"], told.Add));
    }

    [Fact]
    public void A_named_file_stands_alone_and_must_exist()
    {
        using var folder = new TemporaryFolder();
        folder.Write("home/.antpickax/k2hr3.config", "A=home");
        folder.Write("own", "B=own");
        var settings = K2hr3CliSettings.Load(null, name => name == "K2HR3CLI_CUSTOM_CONFIG" ? folder["own"] : null, folder["home"],
            folder["etc"], _ => { });
        Assert.Equal("own", settings["B"]);
        Assert.Null(settings["A"]);

        var missing = Assert.Throws<Errors.DbaasException>(
            () => K2hr3CliSettings.Load(folder["nosuch"], _ => null, folder["home"], folder["etc"], _ => { }));
        Assert.Equal(ErrorIds.SettingsUnreadable, missing.ErrorId);
        Assert.Contains("nosuch", missing.Message);
    }
}
