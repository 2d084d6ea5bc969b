namespace K2hdkcDbaas.Sandbox.Tests.Guests;

/// <summary>Trove's instances: a configuration group makes them nodes of the cluster it names.</summary>
public sealed class DatabaseInstanceTests
{
    [Fact]
    public async Task InstancesOfOneClusterNameFormARing()
    {
        await using var cloud = await GuestCloud.StartAsync();
        var first = await BootAsync(cloud, 201, "shared");
        var second = await BootAsync(cloud, 202, "shared");
        var other = await BootAsync(cloud, 203, "other");

        foreach (var address in new[] { first, second })
        {
            await GuestCloud.UntilAsync(
                () => GuestCloud.ControlAsync(address, "ALLSTATUS"),
                status => status.Contains(first, StringComparison.Ordinal) && status.Contains(second, StringComparison.Ordinal));
        }

        Assert.DoesNotContain(first,
            await GuestCloud.UntilAsync(() => GuestCloud.ControlAsync(other, "ALLSTATUS"), status => status.Length > 0),
            StringComparison.Ordinal);
        Assert.Empty(cloud.Host.Problems);
    }

    [Fact]
    public async Task DetachingTheConfigurationTakesTheNodeOut()
    {
        await using var cloud = await GuestCloud.StartAsync();
        var first = await BootAsync(cloud, 201, "c");
        var second = await BootAsync(cloud, 202, "c");
        await GuestCloud.UntilAsync(() => GuestCloud.ControlAsync(first, "ALLSTATUS"),
            status => status.Contains(second, StringComparison.Ordinal));

        await cloud.Host.State.Guests.ConfigureAsync("guest-202", null, TestContext.Current.CancellationToken);

        Assert.Equal("", await GuestCloud.ControlAsync(second, "SELFSTATUS"));
        await GuestCloud.UntilAsync(() => GuestCloud.ControlAsync(first, "ALLSTATUS"),
            status => status.Length > 0 && !status.Contains(second, StringComparison.Ordinal));

        await cloud.Host.State.Guests.ConfigureAsync("guest-202", Named("c"), TestContext.Current.CancellationToken);
        await GuestCloud.UntilAsync(() => GuestCloud.ControlAsync(first, "ALLSTATUS"),
            status => status.Contains(second, StringComparison.Ordinal));
    }

    private static Dictionary<string, string> Named(string cluster) => new() { ["cluster-name"] = cluster };

    private static async Task<string> BootAsync(GuestCloud cloud, int number, string cluster)
    {
        var address = $"{cloud.Host.State.GuestNetwork}.{number}";
        await cloud.Host.State.Guests.BootAsync(
            new GuestDescription
            {
                Kind = GuestKind.DatabaseInstance,
                Id = $"guest-{number}",
                Name = $"i{number}",
                HostName = $"i{number}",
                Address = address,
                ProjectId = "p",
                UserId = "u",
                Configuration = Named(cluster),
            },
            TestContext.Current.CancellationToken);
        return address;
    }
}
