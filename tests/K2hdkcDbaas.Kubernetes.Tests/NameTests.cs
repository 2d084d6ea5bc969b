using K2hdkcDbaas.Errors;

namespace K2hdkcDbaas.Kubernetes.Tests;

public class NameTests
{
    [Fact]
    public void Names_are_those_of_the_command_line()
    {
        Assert.Equal(("configmap-demo", "secret-demo-certs", "secret-demo-k2hr3-token"),
            (KubernetesNames.ConfigMap("demo"), KubernetesNames.Certificates("demo"), KubernetesNames.Tokens("demo")));
        Assert.Equal(("svrpod-demo", "slvsvc-demo", "svrpod-demo-3.svrsvc-demo"),
            (KubernetesNames.Set("demo", true), KubernetesNames.Service("demo", false), KubernetesNames.Host("demo", true, 3)));
    }

    [Theory]
    [InlineData("svrpod-demo-12", 12)]
    [InlineData("svrpod-demo2-1", null)]
    [InlineData("svrpod-demo-x", null)]
    [InlineData("slvpod-demo-1", null)]
    public void A_pod_belongs_to_one_cluster_alone(string pod, int? ordinal) =>
        Assert.Equal(ordinal, KubernetesNames.Ordinal("demo", true, pod));

    [Theory]
    [InlineData("Demo")]
    [InlineData("a_b")]
    [InlineData("a.b")]
    [InlineData("-a")]
    [InlineData("a234567890123456789012345678901234567890123456")]
    public void A_name_that_cannot_be_a_label_is_refused(string name) =>
        Assert.Equal("InvalidClusterName", Assert.Throws<DbaasException>(() => KubernetesNames.CheckNew(name)).ErrorId);

    [Fact]
    public void A_role_names_its_namespace_and_user()
    {
        var yaml = KubernetesRole.Yaml("space", "operator", "a\"b");
        Assert.Contains("  namespace: \"space\"", yaml, StringComparison.Ordinal);
        Assert.Contains("resources: [\"statefulsets/scale\"]", yaml, StringComparison.Ordinal);
        // Only Helm updates, and only its releases.
        Assert.Equal(["secrets"], k8s.KubernetesYaml.LoadAllFromString(yaml).OfType<k8s.Models.V1Role>().Single().Rules
            .Where(r => r.Verbs.Contains("update")).SelectMany(r => r.Resources));
        Assert.Contains("  name: \"a\\\"b\"", yaml, StringComparison.Ordinal);
        var alone = KubernetesRole.Yaml("space", "operator", null);
        Assert.DoesNotContain("RoleBinding", alone, StringComparison.Ordinal);
        Assert.DoesNotContain("ClusterRole", alone, StringComparison.Ordinal);
        Assert.Equal(["Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding"],
            k8s.KubernetesYaml.LoadAllFromString(KubernetesRole.Yaml("space", "operator", "anna", withSystem: true))
                .Select(m => ((k8s.IKubernetesObject)m).Kind));
    }
}
