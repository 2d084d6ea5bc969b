using K2hdkcDbaas.Errors;

namespace K2hdkcDbaas.Kubernetes.Tests;

public sealed class KubeconfigTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("kube-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Several_files_are_put_together_and_a_context_is_chosen()
    {
        var (one, two) = (Write("one", "first", "first-space"), Write("two", "second", "second-space"));
        var settings = new KubernetesSettings
        {
            Variable =
            name => name == "KUBECONFIG" ? $"{one}{Path.PathSeparator}{two}{Path.PathSeparator}/nosuch" : null,
            HomeFolder = _folder.FullName
        };
        Assert.Equal("first-space", KubernetesConnection.FindNamespace(settings));
        Assert.Equal("second-space", KubernetesConnection.FindNamespace(settings with { Context = "second" }));
        Assert.Equal("own", KubernetesConnection.FindNamespace(settings with { Context = "second", Namespace = "own" }));
        using var wrong = new KubernetesConnection(settings with { Context = "third" }, null, TimeProvider.System);
        var e = Assert.Throws<DbaasException>(() => wrong.Namespace);
        Assert.Equal(KubernetesErrorIds.KubeconfigUnusable, e.ErrorId);
        Assert.Contains("'third', but first, second", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_any_file_the_error_says_where_one_was_looked_for()
    {
        using var none =
            new KubernetesConnection(new KubernetesSettings { Variable = _ => null, HomeFolder = _folder.FullName }, null,
                TimeProvider.System);
        Assert.Contains(Path.Combine(_folder.FullName, ".kube", "config"), Assert.Throws<DbaasException>(() => none.Namespace).Message,
            StringComparison.Ordinal);
    }

    private string Write(string file, string context, string space)
    {
        var path = Path.Combine(_folder.FullName, file);
        File.WriteAllText(path, $"""
            apiVersion: v1
            kind: Config
            current-context: {context}
            clusters:
            - name: {context}
              cluster:
                server: https://127.0.0.1:1
            contexts:
            - name: {context}
              context:
                cluster: {context}
                namespace: {space}
                user: {context}
            users:
            - name: {context}
              user:
                token: {context}
            """);
        return path;
    }
}
