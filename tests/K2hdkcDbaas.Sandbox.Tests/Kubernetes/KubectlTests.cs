using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace K2hdkcDbaas.Sandbox.Tests.Kubernetes;

/// <summary>The real kubectl against the sandbox.</summary>
public sealed class KubectlTests
{
    [Fact]
    public async Task Applies_waits_scales_looks_and_deletes()
    {
        await using var kube = await Kube.StartAsync();
        var kubectl = RealProgram.Find("kubectl", kube);
        var set = Kube.StatefulSet("s", 2)
            .Replace("\"image\"", "\"command\": [\"sh\", \"-c\", \"echo hello; sleep infinity\"], \"image\"", StringComparison.Ordinal);
        Assert.Contains("statefulset.apps/s created", await kubectl.RunAsync(set, ["apply", "-f", "-"]), StringComparison.Ordinal);
        await kubectl.RunAsync("rollout", "status", "sts/s", "--timeout=120s");
        Assert.Matches(@"s-1\s+1/1\s+Running\s+0", await kubectl.RunAsync("get", "pods"));
        Assert.Equal("hello\n", await kubectl.RunAsync("logs", "s-0"));
        Assert.Contains("unchanged", await kubectl.RunAsync(set, ["apply", "-f", "-"]), StringComparison.Ordinal);
        Assert.Contains("configured",
            await kubectl.RunAsync(set.Replace("\"replicas\": 2", "\"replicas\": 1", StringComparison.Ordinal), ["apply", "-f", "-"]),
            StringComparison.Ordinal);
        await kubectl.RunAsync("wait", "--for=delete", "pod/s-1", "--timeout=120s");
        await kubectl.RunAsync("scale", "sts/s", "--replicas=2");
        await kubectl.RunAsync("set", "image", "sts/s", "c=busybox:2");
        await kubectl.RunAsync("rollout", "status", "sts/s", "--timeout=120s");
        Assert.Equal("yes\n", await kubectl.RunAsync("auth", "can-i", "create", "pods"));
        Assert.Contains("demo", await kubectl.RunAsync("auth", "whoami"), StringComparison.Ordinal);
        await kubectl.RunAsync("delete", "sts", "s", "--wait=true", "--timeout=120s");
        await kube.UntilAsync("/api/v1/namespaces/demo/pods", l => !Kube.Names(l).Any());
    }

    [Fact]
    public async Task Applies_on_the_servers_side_and_meets_conflicts()
    {
        await using var kube = await Kube.StartAsync();
        var kubectl = RealProgram.Find("kubectl", kube);
        const string Map = """{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "m"}, "data": {"a": "1"}}""";
        await kubectl.RunAsync(Map, ["apply", "--server-side", "-f", "-"]);
        await kubectl.RunAsync(Map.Replace("\"1\"", "\"2\"", StringComparison.Ordinal),
            ["apply", "--server-side", "--field-manager=other", "--force-conflicts", "-f", "-"]);
        Assert.Equal("2", Kube.Word((await kube.GetAsync("/api/v1/namespaces/demo/configmaps/m")).Body, "data", "a"));
        Assert.Contains("replicas", await kubectl.RunAsync("explain", "statefulset.spec"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Gives_rights_and_drains_a_host()
    {
        await using var kube = await Kube.StartAsync();
        var kubectl = RealProgram.Find("kubectl", kube);
        await kubectl.RunAsync("create", "role", "r", "--verb=get,list", "--resource=pods", "--resource-name=p");
        await kubectl.RunAsync("create", "rolebinding", "b", "--role=r", "--user=anna", "--serviceaccount=demo:robot");
        await kubectl.RunAsync("create", "clusterrole", "c", "--verb=get", "--non-resource-url=/healthz");
        await kubectl.RunAsync("create", "clusterrolebinding", "d", "--clusterrole=c", "--group=ops");
        var role = (await kube.GetAsync("/apis/rbac.authorization.k8s.io/v1/namespaces/demo/roles/r")).Body;
        Assert.Equal("""[{"verbs":["get","list"],"apiGroups":[""],"resources":["pods"],"resourceNames":["p"]}]""",
            role!["rules"]!.ToJsonString());
        Assert.Equal("yes\n", await kubectl.RunAsync("auth", "can-i", "get", "pods/p", "--as=anna"));
        Assert.Matches(@"ServiceAccount\s+robot\s+demo", await kubectl.RunAsync("describe", "rolebinding", "b"));
        Assert.Contains("ops", await kubectl.RunAsync("describe", "clusterrolebinding", "d"), StringComparison.Ordinal);

        await kubectl.RunAsync(Kube.StatefulSet("s", 1), ["apply", "-f", "-"]);
        await kubectl.RunAsync("rollout", "status", "sts/s", "--timeout=120s");
        var host = await kubectl.RunAsync("get", "pod", "s-0", "-o", "jsonpath={.spec.nodeName}");
        await kubectl.RunAsync("drain", host, "--ignore-daemonsets", "--delete-emptydir-data", "--timeout=120s");
        await kubectl.RunAsync("rollout", "status", "sts/s", "--timeout=120s");
        Assert.NotEqual(host, await kubectl.RunAsync("get", "pod", "s-0", "-o", "jsonpath={.spec.nodeName}"));
        await kubectl.RunAsync("uncordon", host);
        await kubectl.RunAsync("rollout", "restart", "sts/s");
        await kubectl.RunAsync("rollout", "status", "sts/s", "--timeout=120s");
        await kubectl.RunAsync("rollout", "undo", "sts/s");
    }

    [Fact]
    public async Task Creates_work_and_what_leads_to_it()
    {
        await using var kube = await Kube.StartAsync();
        var kubectl = RealProgram.Find("kubectl", kube);
        await kubectl.RunAsync("create", "deployment", "d", "--image=busybox:1", "--replicas=2", "--port=80");
        await kubectl.RunAsync("rollout", "status", "deployment/d", "--timeout=120s");
        Task<string> FieldsAsync(string kind, string name, string fields) =>
            kubectl.RunAsync("get", kind, name, "-o", "jsonpath=" + fields);
        const string Container = ".spec.template.spec.containers[0]";
        Assert.Equal("2 busybox:1 80",
            await FieldsAsync("deployment",
                "d", $"{{.status.readyReplicas}} {{{Container}.image}} {{{Container}.ports[0].containerPort}}"));
        await kubectl.RunAsync("create", "deployment", "none", "--image=busybox:1", "--replicas=0");
        Assert.Equal("0", await FieldsAsync("deployment", "none", "{.spec.replicas}"));
        await kubectl.RunAsync("create", "job", "j", "--image=busybox:1", "--", "sh", "-c", "true");
        Assert.Equal("""["sh","-c","true"]""", await FieldsAsync("job", "j", $"{{{Container}.command}}"));
        await kubectl.RunAsync("create", "service", "clusterip", "s", "--tcp=80:8080");
        await kubectl.RunAsync("create", "service", "nodeport", "n", "--tcp=5678:web");
        Assert.Equal("80 8080", await FieldsAsync("service", "s", "{.spec.ports[0].port} {.spec.ports[0].targetPort}"));
        Assert.Equal("NodePort web", await FieldsAsync("service", "n", "{.spec.type} {.spec.ports[0].targetPort}"));
        await kubectl.RunAsync("create", "poddisruptionbudget", "b", "--selector=app=d", "--min-available=50%");
        Assert.Equal("50%", await FieldsAsync("pdb", "b", "{.spec.minAvailable}"));
        await kubectl.RunAsync("run", "p", "--image=busybox:1", "--env=A=1", "--restart=Never");
        Assert.Equal("A=1", await FieldsAsync("pod", "p", "{.spec.containers[0].env[0].name}={.spec.containers[0].env[0].value}"));
    }

    [Fact]
    public async Task Forwards_a_port()
    {
        await using var kube = await Kube.StartAsync();
        var kubectl = RealProgram.Find("kubectl", kube);
        await kube.MustAsync("POST", "/api/v1/namespaces/demo/pods", Kube.Pod("p"));
        var pod = await kube.UntilAsync("/api/v1/namespaces/demo/pods/p", p => Kube.Word(p, "status", "phase") == "Running");
        using var listener = new TcpListener(IPAddress.Parse(Kube.Word(pod, "status", "podIP")), 0);
        listener.Start();
        using var process = kubectl.Start("port-forward", "pod/p", $":{((IPEndPoint)listener.LocalEndpoint).Port}", "--address=127.0.0.1");
        try
        {
            var line = await process.StandardOutput.ReadLineAsync(Kube.Ct) ?? "";
            var port = int.Parse(Regex.Match(line, @"127\.0\.0\.1:(\d+)").Groups[1].Value,
                System.Globalization.CultureInfo.InvariantCulture);
            for (var connection = 0; connection < 3; connection++)
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, port, Kube.Ct);
                using var served = await listener.AcceptSocketAsync(Kube.Ct);
                var sent = new byte[100_000];
                new Random(connection).NextBytes(sent);
                await client.GetStream().WriteAsync(sent, Kube.Ct);
                var got = new byte[sent.Length];
                using var stream = new NetworkStream(served);
                await stream.ReadExactlyAsync(got, Kube.Ct);
                Assert.Equal(sent, got);
                await stream.WriteAsync(sent, Kube.Ct);
                await client.GetStream().ReadExactlyAsync(got, Kube.Ct);
                Assert.Equal(sent, got);
                served.Shutdown(SocketShutdown.Both);
            }
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }
}
