using System.Security.Cryptography.X509Certificates;
using K2hdkcDbaas.Core.Backends;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Core.Sessions;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Kubernetes;

namespace K2hdkcDbaas.Core.Tests.Sandboxed;

/// <summary>What <c>k2hr3 database-k8s</c> keeps on a disk: written, kept in step, and what its own removal leaves.</summary>
public class CommandLineFolderTests : SandboxedTest
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static string Root(TemporaryFolder place) => Path.Combine(place["cli"], "DBAAS-demo.svc.cluster.local");

    private Task<IDbaasSession> KubernetesAsync(TemporaryFolder place) => ConnectAsync(new SessionOptions
    {
        Backend = "Kubernetes",
        Settings = new Dictionary<string, object?> { ["Kubeconfig"] = Sandbox.KubeconfigFile },
        K2hr3Uri = Sandbox.K2hr3Url.ToString(),
        K2hr3UserName = "demo",
        K2hr3Password = Sandbox.Password,
    }, new Dictionary<string, string> { ["K2HR3CLI_DBAAS_K8S_CONFIG"] = place["cli"] });

    private KubernetesConnection Api() => new(new KubernetesSettings { Kubeconfig = Sandbox.KubeconfigFile }, null, TimeProvider.System);

    [Fact]
    public async Task A_clusters_folder_has_all_that_the_tool_asks_for()
    {
        using var place = new TemporaryFolder();
        var root = Root(place);
        await using var session = await KubernetesAsync(place);
        var folders = session.Clusters.Feature<ICommandLineFolders>()!;
        await session.Clusters.CreateClusterAsync(new NewCluster("web") { ServerCount = 2, SlaveCount = 1 }, Waiting, Ct);
        var folder = Path.Combine(root, "K2HDKC-web");
        Assert.Equal(folder, folders.FolderOf("web", null));
        await folders.ExportAsync("web", null, Quietly, Ct);

        // The names in the tool's sources.
        string[] files =
        [
            "dbaas-k2hdkc-variables-setup.sh", "dbaas-k2hdkc-k2hr3-registration.sh", "dbaas-k2hdkc-ini-update.sh",
            "dbaas-k2hdkc-serverproc-wrap.sh", "dbaas-k2hdkc-chmpxproc-wrap.sh", "dbaas-k2hdkc.ini", "ca.crt",
            "dbaas-k2hdkc-role-token-server", "dbaas-k2hdkc-role-token-slave",
        ];
        Assert.All(files, f => Assert.NotEqual(0, new FileInfo(Path.Combine(folder, f)).Length));
        Assert.Equal(
            """
            K2HR3CLI_DBAAS_K8S_CLUSTER_SVR_PORT=8020
            K2HR3CLI_DBAAS_K8S_CLUSTER_SVR_CTLPORT=8021
            K2HR3CLI_DBAAS_K8S_CLUSTER_SLV_CTLPORT=8031
            K2HR3CLI_DBAAS_K8S_CLUSTER_SVR_CNT=2
            K2HR3CLI_DBAAS_K8S_CLUSTER_SLV_CNT=1

            """.ReplaceLineEndings("\n"), await File.ReadAllTextAsync(Path.Combine(folder, "k2hdkc.config"), Ct));
        using var authority = X509Certificate2.CreateFromPemFile(Path.Combine(root, "ca.crt"), Path.Combine(root, "private", "ca.key"));
        foreach (var pod in (string[])["svrpod-web-0.svrsvc-web", "svrpod-web-1.svrsvc-web", "slvpod-web-0.slvsvc-web"])
        {
            foreach (var (where, kind) in (IEnumerable<(string, string)>)[(root, "server"), (folder, "client")])
            {
                var stem = Path.Combine(where, "certs", $"{pod}.demo.svc.cluster.local.{kind}");
                using var node = X509Certificate2.CreateFromPemFile(stem + ".crt", stem + ".key");
                Assert.Equal(authority.Subject, node.Issuer);
            }
        }

        var rules = await File.ReadAllTextAsync(Path.Combine(root, "openssl.cnf"), Ct);
        Assert.Contains($"dir = {root}\n", rules, StringComparison.Ordinal);
        Assert.All((string[])["v3_server", "v3_client", "v3_ca"], s => Assert.Contains($"[ {s} ]", rules, StringComparison.Ordinal));
        Assert.Matches(@"\n##K2HDKC_DBAAS_K8S_SAN_SETTING##\n", rules);
        var k2hr3 = await File.ReadAllTextAsync(Path.Combine(root, "k2hr3.config"), Ct);
        Assert.Contains($"K2HR3CLI_DBAAS_K8S_R3API_EP=127.0.0.1\nK2HR3CLI_DBAAS_K8S_R3API_NPNUM={Sandbox.K2hr3Url.Port}\n", k2hr3,
            StringComparison.Ordinal);
        Assert.Contains(Observer.Lines, l => l.Contains("https alone", StringComparison.Ordinal));
        if (!OperatingSystem.IsWindows())
        {
            foreach (var secret in (string[])[Path.Combine(root, "private", "ca.key"), Path.Combine(folder, files[^1])])
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(secret));
        }

        var key = await File.ReadAllTextAsync(Path.Combine(root, "private", "ca.key"), Ct);
        Assert.DoesNotContain(key.Split('\n')[1], string.Join('\n', Observer.Lines), StringComparison.Ordinal);

        var there = await Assert.ThrowsAsync<DbaasException>(() => folders.ExportAsync("web", null, Quietly, Ct));
        Assert.Equal(ErrorIds.FolderExists, there.ErrorId);
        await folders.ExportAsync("web", null, Quietly with { Force = true }, Ct);
        Assert.Equal(key, await File.ReadAllTextAsync(Path.Combine(root, "private", "ca.key"), Ct));

        // The tool signs with one authority for all clusters of a namespace: one made with the folder at hand has that, too.
        await session.Clusters.CreateClusterAsync(new NewCluster("shop"), Quietly, Ct);
        await folders.ExportAsync("shop", null, Quietly, Ct);
        Assert.Contains(Observer.Lines, l => l.Contains("no slaves", StringComparison.Ordinal));
        var other = CertificateAuthority.Create("other", TimeSpan.FromDays(1), TimeProvider.System);
        await File.WriteAllTextAsync(Path.Combine(root, "ca.crt"), other.Pem, Ct);
        var wrong = await Assert.ThrowsAsync<DbaasException>(
            () => folders.ExportAsync("web", null, Quietly with { Force = true }, Ct));
        Assert.Equal(KubernetesErrorIds.AuthorityUnusable, wrong.ErrorId);
    }

    [Fact]
    public async Task The_tools_counts_follow_and_its_folder_goes_with_the_cluster()
    {
        using var place = new TemporaryFolder();
        var root = Root(place);
        await using var session = await KubernetesAsync(place);
        var backend = session.Clusters;
        var folders = backend.Feature<ICommandLineFolders>()!;
        await backend.CreateClusterAsync(new NewCluster("web") { ServerCount = 1, SlaveCount = 1 }, Waiting, Ct);
        await folders.ExportAsync("web", null, Quietly, Ct);
        var file = Path.Combine(root, "K2HDKC-web", "k2hdkc.config");
        async Task<string> CountsAsync() => string.Join(' ', (await File.ReadAllLinesAsync(file, Ct))
            .Where(l => l.Contains("_CNT=", StringComparison.Ordinal)).Select(l => l[(l.LastIndexOf('=') + 1)..]));
        await backend.AddNodesAsync(new NewNodes("web", NodeRole.Slave, new NodeTemplate()) { Count = 2 }, Waiting, Ct);
        Assert.Equal("1 3", await CountsAsync());
        await backend.RemoveNodeAsync("web", NodeRole.Slave, "slvpod-web-2", Waiting, Ct);
        Assert.Equal("1 2", await CountsAsync());

        // With other tokens it is that of a cluster elsewhere.
        var token = Path.Combine(root, "K2HDKC-web", "dbaas-k2hdkc-role-token-server");
        var own = await File.ReadAllTextAsync(token, Ct);
        await File.WriteAllTextAsync(token, new string('0', 64), Ct);
        await backend.RemoveNodeAsync("web", NodeRole.Slave, "slvpod-web-1", Waiting, Ct);
        Assert.Equal("1 2", await CountsAsync());
        await backend.RemoveClusterAsync("web", Waiting, Ct);
        Assert.True(File.Exists(file));

        await backend.CreateClusterAsync(new NewCluster("web"), Quietly, Ct);
        await folders.ExportAsync("web", null, Quietly with { Force = true }, Ct);
        Assert.NotEqual(own, await File.ReadAllTextAsync(token, Ct));
        var gone = await backend.RemoveClusterAsync("web", Waiting, Ct);
        Assert.Contains(gone, g => g.Kind == "folder" && g.Name == Path.GetDirectoryName(file));
        Assert.False(Directory.Exists(Path.GetDirectoryName(file)));
        Assert.True(File.Exists(Path.Combine(root, "ca.crt")));
    }

    [Fact]
    public async Task What_the_tools_delete_leaves_of_our_cluster_is_told_and_removed()
    {
        using var place = new TemporaryFolder();
        await using var session = await KubernetesAsync(place);
        var backend = session.Clusters;
        await backend.CreateClusterAsync(new NewCluster("web") { ServerCount = 2 }, Waiting, Ct);
        using var api = Api();
        // What the tool deletes, in its order.
        foreach (var kind in (string[])["slv", "svr"])
        {
            await api.DeleteAsync(ObjectKind.Service, $"{kind}svc-web", Ct);
            await api.DeleteAsync(ObjectKind.StatefulSet, $"{kind}pod-web", Ct);
        }

        foreach (var secret in (string[])["secret-web-certs", "secret-web-k2hr3-token"])
            await api.DeleteAsync(ObjectKind.Secret, secret, Ct);
        await api.DeleteAsync(ObjectKind.ConfigMap, "configmap-web", Ct);
        var k2hr3 = await session.GetK2hr3Async(Ct);
        foreach (var name in (string[])["web/server", "web/slave", "web"]) await k2hr3.Roles.DeleteAsync(name, Ct);
        await k2hr3.Policies.DeleteAsync("web", Ct);
        foreach (var name in (string[])["web/server", "web/slave", "web"]) await k2hr3.Resources.DeleteAsync(name, Ct);
        Assert.Empty(await backend.GetClustersAsync("*", Ct).ToListAsync(Ct));

        await backend.CreateClusterAsync(new NewCluster("web"), Quietly, Ct);
        Assert.Contains(Observer.Lines,
            l => l.Contains("antpickax-var-lib-volume-svrpod-web-1", StringComparison.Ordinal)
                && l.Contains("former cluster", StringComparison.Ordinal));
        await backend.RemoveClusterAsync("web", Waiting, Ct);
        Assert.Empty(await api.GetNamesAsync(ObjectKind.PersistentVolumeClaim, null, Ct));

        await backend.CreateClusterAsync(new NewCluster("web") { ServerCount = 1 }, Waiting, Ct);
    }
}
