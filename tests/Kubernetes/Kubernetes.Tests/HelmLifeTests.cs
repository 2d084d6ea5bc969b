using System.Text;
using System.Text.Json.Nodes;
using K2hdkcDbaas.Core;
using K2hdkcDbaas.Core.Backends;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Kubernetes;
using K2hdkcDbaas.Tests.Support;
using k8s;
using k8s.Models;

namespace K2hdkcDbaas.KubernetesLife.Tests;

/// <summary>Clusters that are releases of a chart like K2HDKC's, made and changed by the real helm on the real API server.</summary>
public sealed class HelmLifeTests : LifeTest
{
    // A user of the lab's kubeconfig, and its context.
    private const string Nobody = "nobody";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_whole_life(bool isRestricted)
    {
        if (Helm() is not { } helm)
        {
            Assert.Skip("There is no helm on this machine; install it, or name it in K2HDKC_TEST_HELM");
            return;
        }
        var chart = Directory.CreateTempSubdirectory("chart-");
        try
        {
            Write(chart.FullName);
            // The one who may do the least has a K2HR3 that is found.
            await using var maker = await ConnectAsync();
            var systems = maker.Feature<IK2hr3Deployments>();
            if (isRestricted) await systems.CreateAsync(SmallK2hr3.Wanted(), Waiting, Ct);
            else await PutAuthorityAsync();
            if (isRestricted) await GiveRightsAsync();
            await using var session = await ConnectAsync("Helm", helm, isRestricted ? Nobody : null);
            var backend = session.Clusters;
            var request = Request(chart.FullName, saysWhere: !isRestricted);
            var made = await backend.CreateClusterAsync(request, Waiting, Ct);
            Assert.Equal(("Helm", ClusterStatus.Ready, 2, 1, Space),
                (made.Backend, made.Status, made.ServerCount, made.SlaveCount, made.Project));
            Assert.All(made.Nodes, n => Assert.Equal(("Running", true), (n.Status, n.Registered)));
            var again = await Assert.ThrowsAnyAsync<DbaasException>(
                () => backend.CreateClusterAsync(request, Waiting, Ct));
            Assert.Equal(ErrorIds.ClusterExists, again.ErrorId);

            Assert.Equal("svrpod-web-2",
                Assert.Single(await backend.AddNodesAsync(new NewNodes("web", NodeRole.Server, new NodeTemplate()), Waiting, Ct)).Name);
            Assert.Contains(await backend.RemoveNodesAsync("web", NodeRole.Server, ["svrpod-web-2"], Waiting, Ct),
                g => g is { Kind: "pod", Name: "svrpod-web-2" });
            var releases = backend.Feature<IHelmReleases>()!;
            Assert.Equal([(3, "deployed", 2), (2, "superseded", 3), (1, "superseded", 2)],
                (await releases.GetRevisionsAsync("web", Ct)).Select(r => (r.Revision, r.Status, r.ServerCount!.Value)));
            Assert.Empty(await releases.GetDriftAsync("web", Ct));

            // Behind Helm's back.
            await Behind.AppsV1.PatchNamespacedStatefulSetScaleAsync(
                new V1Patch("""{"spec":{"replicas":2}}""", V1Patch.PatchType.MergePatch), "slvpod-web", Space, cancellationToken: Ct);
            Assert.Equal("StatefulSet slvpod-web spec.replicas: 2 for 1",
                Assert.Single(await releases.GetDriftAsync("web", Ct)).ToString());

            var back = await releases.RestoreAsync("web", 1, Waiting, Ct);
            Assert.Equal((4, "deployed", 2, 1), (back.Revision, back.Status, back.ServerCount, back.SlaveCount));
            Assert.Empty(await releases.GetDriftAsync("web", Ct));

            await backend.RemoveClusterAsync("web", Waiting, Ct);
            Assert.Empty(await backend.GetClustersAsync("*", Ct).ToListAsync(Ct));
            if (isRestricted) Assert.Contains(await systems.RemoveAsync("k2hr3", Waiting, Ct), g => g.Name == "secret-k2hr3-ca-k2hr3");
            Assert.Empty((await Behind.AppsV1.ListNamespacedStatefulSetAsync(Space, cancellationToken: Ct)).Items);
            Assert.Equal(isRestricted ? [] : ["secret-k2hr3-ca-k2hr3"],
                (await Behind.CoreV1.ListNamespacedSecretAsync(Space, fieldSelector: "type=Opaque", cancellationToken: Ct)).Items
                    .Select(s => s.Metadata.Name));
            Assert.Empty((await Behind.CoreV1.ListNamespacedSecretAsync(Space, labelSelector: "owner=helm", cancellationToken: Ct)).Items);
        }
        finally
        {
            chart.Delete(recursive: true);
        }
    }

    private static string? Helm() => Environment.GetEnvironmentVariable("K2HDKC_TEST_HELM")
        ?? (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(p => Path.Combine(p, "helm"))
            .FirstOrDefault(File.Exists);

    // The chart asks for a newer Kubernetes than the lab's, and takes no other for its own.
    private static void Write(string folder)
    {
        var source = Path.Combine(AppContext.BaseDirectory, "SmallChart");
        foreach (var file in Directory.GetFiles(source, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(folder, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.WriteAllText(copy, File.ReadAllText(file).Replace(">=1.26.0", ">=1.16.0", StringComparison.Ordinal));
        }

        Directory.CreateDirectory(Path.Combine(folder, "files"));
        File.WriteAllText(Path.Combine(folder, "files", "ini.templ"), "[GLOBAL]\nGROUP = %%K2HDKC_DBAAS_CLUSTER_NAME%%\n");
    }

    // What Get-K2hdkcKubernetesRole prints, for one who has no other right.
    private async Task GiveRightsAsync()
    {
        foreach (var item in KubernetesYaml.LoadAllFromString(KubernetesRole.Yaml(Space, "operator", Nobody)))
        {
            if (item is V1Role role) await Behind.RbacAuthorizationV1.CreateNamespacedRoleAsync(role, Space, cancellationToken: Ct);
            else await Behind.RbacAuthorizationV1.CreateNamespacedRoleBindingAsync((V1RoleBinding)item, Space, cancellationToken: Ct);
        }
    }

    private NewCluster Request(string chart, bool saysWhere) => new("web")
    {
        ServerCount = 2,
        SlaveCount = 1,
        Nodes = new NodeTemplate
        {
            Settings = new Dictionary<string, object>
            {
                ["Chart"] = chart,
                ["HelmValues"] = new JsonObject
                {
                    ["k2hr3"] = saysWhere ? new JsonObject { ["url"] = Sandbox.K2hr3Url.GetLeftPart(UriPartial.Authority) } : [],
                },
            },
        },
    };

    private async Task PutAuthorityAsync()
    {
        using var authority = CertificateAuthority.Create($"{Space}.svc.cluster.local", TimeSpan.FromDays(30), TimeProvider.System);
        await Behind.CoreV1.CreateNamespacedSecretAsync(new V1Secret
        {
            Metadata = new V1ObjectMeta { Name = "secret-k2hr3-ca-k2hr3" },
            Data = new Dictionary<string, byte[]>
            {
                [$"{Space}.svc.cluster.local_CA.crt"] = Encoding.ASCII.GetBytes(authority.Pem),
                [$"{Space}.svc.cluster.local_CA.key"] = Encoding.ASCII.GetBytes(authority.ExportKey()),
            },
        }, Space, cancellationToken: Ct);
    }
}
