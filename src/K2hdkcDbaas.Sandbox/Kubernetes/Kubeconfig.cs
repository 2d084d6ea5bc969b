using System.Text;
using K2hdkcDbaas.Sandbox.Kubernetes.Api;

namespace K2hdkcDbaas.Sandbox.Kubernetes;

/// <summary>Writes the sandbox's kubeconfig: its contexts, and their users with client certificates or tokens.</summary>
internal static class Kubeconfig
{
    public static string Write(Uri server, ClusterAuthority authority, Authentication authentication)
    {
        var text = new StringBuilder(
            "# Made by the K2hdkcDbaas sandbox; good as long as it runs.\napiVersion: v1\nkind: Config\npreferences: {}\ncurrent-context: "
                + "sandbox\nclusters:\n");
        text.Append("- name: sandbox\n  cluster:\n    server: ").Append(server.ToString().TrimEnd('/'))
            .Append("\n    certificate-authority-data: ").Append(Encode(authority.Pem)).Append("\ncontexts:\n");
        foreach (var (context, ns, user) in new[]
        {
            ("sandbox", "demo", "demo"), ("sandbox-admin", "default", "kubernetes-admin"), ("sandbox-alt", "alt", "alt"),
            ("sandbox-reader", "demo", "demo-reader"),
        })
        {
            text.Append($"- name: {context}\n  context:\n    cluster: sandbox\n    namespace: {ns}\n    user: {user}\n");
        }
        text.Append("users:\n");
        foreach (var (user, group) in new[] { ("demo", "sandbox-users"), ("kubernetes-admin", "system:masters") })
        {
            var (certificate, key) = authority.ForUser(user, group);
            text.Append($"- name: {user}\n  user:\n    client-certificate-data: {Encode(certificate)}\n")
                .Append($"    client-key-data: {Encode(key)}\n");
        }
        foreach (var (user, group) in new[] { ("alt", "sandbox-users"), ("demo-reader", "sandbox-readers") })
            text.Append($"- name: {user}\n  user:\n    token: "
                + $"{authentication.AddToken(new KubeUser(user, [group, "system:authenticated"]))}\n");
        return text.ToString();
    }

    private static string Encode(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
