using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using K2hdkcDbaas.Core.Backends;
using K2hdkcDbaas.Core.Flows;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Kubernetes;
using K2hdkcDbaas.Tests.Support;
using k8s;
using k8s.Models;

namespace K2hdkcDbaas.KubernetesLife.Tests;

/// <summary>
/// A K2HR3 system whose pods run our scripts with the real chmpx, k2hdkc and k2hr3_api. K2HDKCDBAAS_TEST_K2HR3_API=1 says that the latter
/// is in a folder <c>node_modules</c> below <c>/usr</c>, K2HDKCDBAAS_TEST_K2HR3_APP=1 that k2hr3_app is, too.
/// </summary>
public sealed class K2hr3SystemLifeTests : LifeTest
{
    private static FlowOptions Patient { get; } = new() { Wait = true, Timeout = TimeSpan.FromMinutes(10), Observer = new TestOutput() };

    private protected override bool Runs => true;

    [Fact]
    public async Task The_REST_API_answers_over_TLS_and_knows_its_users_provider()
    {
        if (Variable("RINGS") != "1" || Variable("K2HR3_API") != "1")
        {
            Assert.Skip("no real k2hr3_api can run in this Kubernetes' pods (K2HDKCDBAAS_TEST_RINGS, K2HDKCDBAAS_TEST_K2HR3_API)");
            return;
        }
        var apps = Variable("K2HR3_APP") == "1" ? 1 : 0;
        await using var session = await ConnectAsync(hasK2hr3: false);
        var systems = session.Feature<IK2hr3Deployments>();
        var made = await systems.CreateAsync(SmallK2hr3.Wanted(data: 2, apps), Patient, Ct);
        Assert.Equal((ClusterStatus.Ready, 2, 1, apps), (made.Status, made.DataCount, made.ApiCount, made.AppCount));

        using var api = new KubernetesConnection(
            new KubernetesSettings { Kubeconfig = Variable("KUBECONFIG"), Namespace = Space }, null, TimeProvider.System);
        using var forwards = new PodForwards(api);
        var authority = Encoding.ASCII.GetString((await api.GetSecretAsync("secret-k2hr3-ca", Ct))!.Single().Value);
        using var trusted = X509Certificate2.CreateFromPem(authority);
        using var http = Client(trusted, "pod-r3api-0.svc-r3api", forwards.PortFor("pod-r3api-0", 443));
        var version = await http.GetStringAsync(new Uri("/", UriKind.Relative), Ct);
        Assert.Contains("\"v1\"", version, StringComparison.Ordinal);
        // It reads and writes its ring before it says no.
        using var refused = await http.PostAsync(new Uri("/v1/user/tokens", UriKind.Relative), new StringContent("{}"), Ct);
        Assert.InRange((int)refused.StatusCode, 400, 404);

        foreach (var pod in (await Behind.CoreV1.ListNamespacedPodAsync(Space, labelSelector: "app=r3app", cancellationToken: Ct)).Items)
        {
            using var app = Client(trusted, "svc-r3app", forwards.PortFor(pod.Name(), 443));
            Assert.Contains("K2HR3", await app.GetStringAsync(new Uri("/", UriKind.Relative), Ct), StringComparison.Ordinal);
        }

        await systems.RemoveAsync(made.Name, Patient with { Force = true }, Ct);
        Assert.Empty(await systems.GetAsync("*", Ct));
    }

    // The certificate names the pod, and the port leads there from here.
    private static HttpClient Client(X509Certificate2 trusted, string host, int port) => new(new SocketsHttpHandler
    {
        ConnectCallback = async (_, ct) =>
        {
            var socket = new System.Net.Sockets.Socket(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
            await socket.ConnectAsync(System.Net.IPAddress.Loopback, port, ct);
            return new System.Net.Sockets.NetworkStream(socket, ownsSocket: true);
        },
        SslOptions = new SslClientAuthenticationOptions
        {
            CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                CustomTrustStore = { trusted },
                RevocationMode = X509RevocationMode.NoCheck,
            },
        },
    })
    {
        BaseAddress = new Uri("https://" + host),
    };
}
