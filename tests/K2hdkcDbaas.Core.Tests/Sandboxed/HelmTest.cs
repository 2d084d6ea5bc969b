using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Core.Sessions;
using K2hdkcDbaas.Kubernetes;
using K2hdkcDbaas.Sandbox;

namespace K2hdkcDbaas.Core.Tests.Sandboxed;

/// <summary>Sessions whose clusters are releases of a small chart, on the sandbox's Kubernetes.</summary>
public abstract class HelmTest : SandboxedTest
{
    private protected string Chart => Path.Combine(Path.GetDirectoryName(Sandbox.KubeconfigFile)!, "chart");

    private protected override SandboxOptions Options => new() { Speed = 10, RingMerge = K2hdkcDbaas.Sandbox.Nodes.MergeBehavior.Released };

    private protected Task<IDbaasSession> SessionAsync(string backend = "Helm", string? helm = null) => ConnectAsync(new SessionOptions
    {
        Backend = backend,
        Settings = new Dictionary<string, object?> { ["Kubeconfig"] = Sandbox.KubeconfigFile, ["HelmPath"] = helm },
        K2hr3Uri = Sandbox.K2hr3Url.ToString(),
        K2hr3UserName = "demo",
        K2hr3Password = Sandbox.Password,
    }, new() { ["PATH"] = Environment.GetEnvironmentVariable("PATH") ?? "" });

    private protected static string Helm()
    {
        var file = Environment.GetEnvironmentVariable("K2HDKC_TEST_HELM")
            ?? (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(p => Path.Combine(p, "helm"))
                .FirstOrDefault(File.Exists);
        if (file is null) Assert.Skip("There is no helm on this machine; install it, or name it in K2HDKC_TEST_HELM.");
        return file;
    }

    private protected static NodeTemplate With(NodeTemplate template, string name, object value) =>
        template with { Settings = new Dictionary<string, object>(template.Settings) { [name] = value } };

    private protected NewCluster Request(string cluster)
    {
        SmallChart.Write(Chart, cluster, "demo");
        return new NewCluster(cluster)
        {
            Nodes = new NodeTemplate
            {
                Settings = new Dictionary<string, object>
                {
                    ["Chart"] = Chart,
                    ["HelmValues"] = new JsonObject { ["k2hr3"] = new JsonObject { ["url"] = Sandbox.K2hr3Url.ToString() } },
                },
            },
        };
    }

    private protected static Task PutAuthorityAsync(HttpClient http, string secret = "secret-k2hr3-ca-k2hr3")
    {
        using var authority = CertificateAuthority.Create("demo.svc.cluster.local", TimeSpan.FromDays(30), TimeProvider.System);
        return SendAsync(http, HttpMethod.Post, "/api/v1/namespaces/demo/secrets", JsonSerializer.Serialize(new
        {
            apiVersion = "v1",
            kind = "Secret",
            metadata = new { name = secret },
            stringData = new Dictionary<string, string>
            {
                ["demo.svc.cluster.local_CA.crt"] = authority.Pem,
                ["demo.svc.cluster.local_CA.key"] = authority.ExportKey(),
            },
        }));
    }

    private protected static async Task SendAsync(HttpClient http, HttpMethod method, string path, string json)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative))
        {
            Content = new StringContent(json,
                Encoding.UTF8, method == HttpMethod.Patch ? "application/merge-patch+json" : "application/json"),
        };
        using var answer = await http.SendAsync(request);
        answer.EnsureSuccessStatusCode();
    }
}
