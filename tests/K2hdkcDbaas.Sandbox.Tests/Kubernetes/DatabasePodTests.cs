using System.Net.Sockets;
using System.Text;

namespace K2hdkcDbaas.Sandbox.Tests.Kubernetes;

/// <summary>Pods of K2HDKC clusters: registration, a ring of nodes, and the way out of it.</summary>
public sealed class DatabasePodTests
{
    private const string Pods = "/api/v1/namespaces/demo/pods";

    private static async Task<string> ControlAsync(string address, int port, string command)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(address, port, Kube.Ct);
        await client.Client.SendAsync(Encoding.ASCII.GetBytes(command + "\n\0"), SocketFlags.None, Kube.Ct);
        using var reader = new StreamReader(client.GetStream());
        return await reader.ReadToEndAsync(Kube.Ct);
    }

    [Fact]
    public async Task Servers_register_form_a_ring_and_leave_the_role_when_they_are_scaled_away()
    {
        await using var kube = await Kube.StartAsync(speed: 3, guests: true);
        var cluster = new DatabaseCluster(kube);
        await cluster.SetUpAsync();
        await cluster.CreateAsync(2);
        await kube.ReadyAsync("svrpod-db", 2);
        var hosts = await cluster.HostsAsync();
        Assert.Equal(2, hosts.Count);
        for (var i = 0; i < 2; i++)
        {
            var address = Kube.Word((await kube.GetAsync($"{Pods}/svrpod-db-{i}")).Body, "status", "podIP");
            Assert.Contains(hosts,
                h => h.StartsWith(address + " * ", StringComparison.Ordinal)
                    && h.EndsWith($" k8s-auto-v1 svrpod-db-{i}", StringComparison.Ordinal));
            Assert.NotEmpty(await ControlAsync(address, 8021, "SELFSTATUS"));
        }
        await kube.MustAsync("PATCH", "/apis/apps/v1/namespaces/demo/statefulsets/svrpod-db/scale", """{"spec": {"replicas": 1}}""",
            Kube.Merge);
        await kube.GoneAsync(Pods + "/svrpod-db-1");
        Assert.EndsWith("svrpod-db-0", Assert.Single(await cluster.HostsAsync()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pod_killed_at_once_leaves_its_host_line_behind()
    {
        await using var kube = await Kube.StartAsync(speed: 3, guests: true);
        var cluster = new DatabaseCluster(kube);
        await cluster.SetUpAsync();
        await cluster.CreateAsync(1);
        await kube.ReadyAsync("svrpod-db", 1);
        await kube.SendAsync("DELETE", "/apis/apps/v1/namespaces/demo/statefulsets/svrpod-db?propagationPolicy=Orphan");
        await kube.GoneAsync("/apis/apps/v1/namespaces/demo/statefulsets/svrpod-db");
        await kube.SendAsync("DELETE", Pods + "/svrpod-db-0?gracePeriodSeconds=0");
        Assert.Single(await cluster.HostsAsync());
    }

    [Fact]
    public async Task A_pod_with_a_wrong_token_registers_nowhere_and_says_so()
    {
        await using var kube = await Kube.StartAsync(speed: 3, guests: true);
        var cluster = new DatabaseCluster(kube);
        await cluster.SetUpAsync();
        cluster.Tokens["server"] = new string('0', 64);
        await cluster.CreateAsync(1);
        await kube.UntilAsync(Pods + "/svrpod-db-0", p => Kube.Word(p, "status", "phase") == "Running");
        while (!(await kube.GetAsync(Pods + "/svrpod-db-0/log?container=svrupdate-db")).Text.Contains("HTTP status 401",
            StringComparison.Ordinal)) await Task.Delay(20, Kube.Ct);
        Assert.Empty(await cluster.HostsAsync());
    }

    [Fact]
    public async Task An_init_container_that_misses_a_value_fails()
    {
        await using var kube = await Kube.StartAsync(speed: 3, guests: true);
        var cluster = new DatabaseCluster(kube);
        await cluster.SetUpAsync();
        await kube.MustAsync("POST", "/api/v1/namespaces/demo/secrets",
            """{"metadata": {"name": "secret-db-k2hr3-token"}, "stringData": {"role-token-server": "x"}}""");
        await kube.MustAsync("POST", "/apis/apps/v1/namespaces/demo/statefulsets",
            cluster.Set("svr", "server", 1).Replace("\"svc.cluster.local\"", "\"\"", StringComparison.Ordinal));
        await kube.UntilAsync(Pods + "/svrpod-db-0",
            p => Kube.Word(p["status"]!["initContainerStatuses"]?[0]?["state"]?["waiting"], "reason") == "CrashLoopBackOff");
        Assert.Equal("[ERROR] K2HDKC_DOMAIN environment is not set.\n",
            (await kube.GetAsync(Pods + "/svrpod-db-0/log?container=svrinit-db&previous=true")).Text);
    }

    [Fact]
    public async Task Without_K2HR3_the_update_container_is_restarted()
    {
        await using var kube = await Kube.StartAsync(speed: 3, guests: true);
        var cluster = new DatabaseCluster(kube);
        await cluster.SetUpAsync();
        await kube.MustAsync("POST", "/api/v1/namespaces/demo/secrets",
            """{"metadata": {"name": "secret-db-k2hr3-token"}, "stringData": {"role-token-server": "x"}}""");
        await kube.MustAsync("POST", "/apis/apps/v1/namespaces/demo/statefulsets",
            cluster.Set("svr", "server", 2)
                .Replace(kube.Host.K2hr3Url.ToString(), "https://svc-r3api.default.svc.cluster.local:443", StringComparison.Ordinal));
        var pod = await kube.UntilAsync(Pods + "/svrpod-db-0",
            p => p["status"]!["containerStatuses"]?.AsArray().Any(c => Kube.Number(c, "restartCount") > 0) == true);
        Assert.DoesNotContain(pod["status"]!["containerStatuses"]!.AsArray(),
            c => Kube.Word(c, "name") != "svrupdate-db" && c!["containerID"]!.GetValue<string>().Length > 0);
        Assert.Equal(404, (await kube.GetAsync(Pods + "/svrpod-db-1")).Status);
    }
}
