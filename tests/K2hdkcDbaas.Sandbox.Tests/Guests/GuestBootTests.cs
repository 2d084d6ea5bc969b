namespace K2hdkcDbaas.Sandbox.Tests.Guests;

/// <summary>From a request to Nova to a host in a K2HR3 role, with nothing in between done by the test.</summary>
public sealed class GuestBootTests
{
    private const string Text = """
        [GLOBAL]
        FILEVERSION = 1
        GROUP = {{= %cluster-name% }}
        MODE = {{= %chmpx-mode% }}
        CHMPXIDTYPE = CUSTOM
        DELIVERMODE = hash
        MAXCHMPX = 256
        REPLICA = 1
        PORT = 8020
        CTLPORT = 8021
        SELFCTLPORT = 8021
        SELFCUK = __SELF_INSTANCE_ID__
        AUTOMERGE = on
        DOMERGE = on
        SSL = no
        {{ foreach %h% in %yrn:yahoo:::demo:role:tcl/server/hosts/ip% }}{{ %n% = %yrn:yahoo:::demo:role:tcl/server/hosts/ip%{%h%} }}
        [SVRNODE]
        NAME = {{= %n%{'host'} }}
        CUK = {{= %n%{'cuk'} }}
        PORT = 8020
        CTLPORT = 8021
        CUSTOM_ID_SEED = {{= %n%{'tag'} }}
        SSL = no
        {{ done }}
        [SLVNODE]
        NAME = 127.0.0.1
        CUK = dummy_cuk
        CTLPORT = 8031
        SSL = no

        """;

    [Fact]
    public async Task AServerRegistersItselfUnderItsOwnAddress()
    {
        await using var cloud = await GuestCloud.StartAsync();
        var url = await cloud.MakeRoleAsync("tcl", Text);

        var id = await cloud.BootAsync("svr1", url);

        var host = Assert.Single(await GuestCloud.UntilAsync(() => cloud.HostsAsync("tcl/server"), hosts => hosts.Count > 0));
        var server = (await cloud.NovaAsync(HttpMethod.Get, "/servers/" + id)).Body!["server"]!;
        var address = server["addresses"]!.AsObject().First().Value![0]!["addr"]!.GetValue<string>();
        Assert.StartsWith("127.", address, StringComparison.Ordinal);
        Assert.Equal($"{address} * {id} openstack-auto-v1 svr1.novalocal", host);
        var console = await GuestCloud.UntilAsync(() => cloud.ConsoleAsync(id),
            text => text.Contains("new configuration written and taken over", StringComparison.Ordinal));
        Assert.Contains($"registered {address} as svr1.novalocal", console, StringComparison.Ordinal);
        Assert.Contains("k2hr3-init-systemd-packages: chmpx.service,k2hdkc.service", console, StringComparison.Ordinal);
        Assert.DoesNotContain(url, console, StringComparison.Ordinal);
        Assert.Contains(cloud.Host.Calls.All,
            call => call is { Service: "k2hr3", Method: "GET", Status: 200 }
                && call.Path.StartsWith("/v1/userdata/", StringComparison.Ordinal));
        Assert.Empty(cloud.Host.Problems);
    }

    [Fact]
    public async Task TheNodesOfThreeGuestsFormOneRing()
    {
        await using var cloud = await GuestCloud.StartAsync();
        var url = await cloud.MakeRoleAsync("tcl", Text);

        await cloud.BootAsync("a", url);
        await cloud.BootAsync("b", url);
        await cloud.BootAsync("c", url);

        var hosts = await GuestCloud.UntilAsync(() => cloud.HostsAsync("tcl/server"), found => found.Count == 3);
        var addresses = hosts.Select(line => line.Split(' ')[0]).Distinct().ToList();
        Assert.Equal(3, addresses.Count);
        foreach (var address in addresses)
        {
            await GuestCloud.UntilAsync(() => GuestCloud.ControlAsync(address, "ALLSTATUS"),
                status => addresses.TrueForAll(other => status.Contains(other, StringComparison.Ordinal)));
        }
    }

    [Fact]
    public async Task AStoppedServerIsSilentAndComesBack()
    {
        await using var cloud = await GuestCloud.StartAsync();
        var id = await cloud.BootAsync("a", await cloud.MakeRoleAsync("tcl", Text));
        var address = (await GuestCloud.UntilAsync(() => cloud.HostsAsync("tcl/server"), found => found.Count == 1))[0].Split(' ')[0];
        await GuestCloud.UntilAsync(() => GuestCloud.ControlAsync(address, "SELFSTATUS"), status => status.Length > 0);

        await cloud.NovaAsync(HttpMethod.Post, $"/servers/{id}/action", new Dictionary<string, object?> { ["os-stop"] = null });
        await GuestCloud.UntilAsync(() => GuestCloud.ControlAsync(address, "SELFSTATUS"), status => status.Length == 0);
        await GuestCloud.UntilAsync(() => cloud.NovaAsync(HttpMethod.Get, "/servers/" + id),
            reply => reply.Body!["server"]!["status"]!.GetValue<string>() == "SHUTOFF");
        await cloud.NovaAsync(HttpMethod.Post, $"/servers/{id}/action", new Dictionary<string, object?> { ["os-start"] = null });

        await GuestCloud.UntilAsync(() => GuestCloud.ControlAsync(address, "SELFSTATUS"), status => status.Length > 0);
        Assert.Single(await cloud.HostsAsync("tcl/server"));
        Assert.Empty(cloud.Host.Problems);
    }

    [Fact]
    public async Task ADeletedServerLeavesItsLineAndStopsAsking()
    {
        await using var cloud = await GuestCloud.StartAsync();
        var id = await cloud.BootAsync("svr1", await cloud.MakeRoleAsync("tcl", Text));
        await GuestCloud.UntilAsync(() => cloud.HostsAsync("tcl/server"), hosts => hosts.Count > 0);

        await cloud.NovaAsync(HttpMethod.Delete, "/servers/" + id);
        await GuestCloud.UntilAsync(() => cloud.NovaAsync(HttpMethod.Get, "/servers/" + id), reply => reply.Status == 404);
        await Task.Delay(200, TestContext.Current.CancellationToken);
        cloud.Host.Calls.Clear();
        await Task.Delay(300, TestContext.Current.CancellationToken);

        Assert.Empty(cloud.Host.Calls.All);
        Assert.Single(await cloud.HostsAsync("tcl/server"));
        Assert.Empty(cloud.Host.Problems);
    }

    [Theory]
    [InlineData(GuestFaultKind.NoBoot, "Kernel panic")]
    [InlineData(GuestFaultKind.NoNetwork, "resulted in a failure: no route to host")]
    [InlineData(GuestFaultKind.NoRegistration, "Failed to run module scripts-user")]
    public async Task AFaultyGuestIsActiveAndNeverRegisters(GuestFaultKind kind, string sign)
    {
        await using var cloud = await GuestCloud.StartAsync(new GuestFault("bad*", kind));
        var url = await cloud.MakeRoleAsync("tcl", Text);

        var bad = await cloud.BootAsync("bad-1", url);
        await cloud.BootAsync("good", url);

        var host = Assert.Single(await GuestCloud.UntilAsync(() => cloud.HostsAsync("tcl/server"), hosts => hosts.Count > 0));
        Assert.Contains(" good.novalocal", host, StringComparison.Ordinal);
        await GuestCloud.UntilAsync(() => cloud.ConsoleAsync(bad), text => text.Contains(sign, StringComparison.Ordinal));
        Assert.Equal("ACTIVE", (await cloud.NovaAsync(HttpMethod.Get, "/servers/" + bad)).Body!["server"]!["status"]!.GetValue<string>());
        Assert.Single(await cloud.HostsAsync("tcl/server"));
    }

    [Fact]
    public async Task AWrongUserDataUrlShowsInTheConsole()
    {
        await using var cloud = await GuestCloud.StartAsync();

        var id = await cloud.BootAsync("svr1", "http://127.0.0.1:1/v1/userdata/secretpath");

        var console = await GuestCloud.UntilAsync(() => cloud.ConsoleAsync(id),
            text => text.Contains("resulted in a failure", StringComparison.Ordinal));
        Assert.Contains("Calling 'http://127.0.0.1:1/v1/userdata/...' failed [0/3]", console, StringComparison.Ordinal);
        Assert.DoesNotContain("secretpath", console, StringComparison.Ordinal);
        Assert.Contains("svr1 login:",
            await GuestCloud.UntilAsync(() => cloud.ConsoleAsync(id), text => text.Contains("login:", StringComparison.Ordinal)),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task ADeadRoleTokenIsToldInTheConsole()
    {
        await using var cloud = await GuestCloud.StartAsync();
        var url = await cloud.MakeRoleAsync("tcl", Text);
        await cloud.K2hr3Async(HttpMethod.Delete, "/v1/role/tcl/server");

        var id = await cloud.BootAsync("svr1", url);

        await GuestCloud.UntilAsync(() => cloud.ConsoleAsync(id),
            text => text.Contains("could not register in yrn:yahoo:::demo:role:tcl/server: HTTP status 401", StringComparison.Ordinal));
        Assert.Empty(await cloud.HostsAsync("tcl/server"));
    }

    [Theory]
    [InlineData("web-*=NoBoot", "web-*", GuestFaultKind.NoBoot)]
    [InlineData("a=b=noregistration", "a=b", GuestFaultKind.NoRegistration)]
    public void FaultsAreReadFromText(string text, string name, GuestFaultKind kind) =>
        Assert.Equal(new GuestFault(name, kind), GuestFault.Parse(text));

    [Theory]
    [InlineData("NoBoot")]
    [InlineData("a=Nothing")]
    [InlineData("=NoBoot")]
    [InlineData("a=7")]
    public void OtherTextIsNoFault(string text) => Assert.Throws<ArgumentException>(() => GuestFault.Parse(text));
}
