using System.Net.Http.Json;

namespace K2hdkcDbaas.Contracts.Tests;

/// <summary>The Kubernetes of K2HDKCDBAAS_TEST_KUBECONFIG.</summary>
public sealed class RealKubernetes : KubernetesTarget
{
    public override bool RunsContainers => Environment.GetEnvironmentVariable("K2HDKCDBAAS_TEST_CONTAINERS") == "1";

    public override string Nobody => "nobody";

    protected override string TokenContext => "token";

    protected override string NobodyContext => "nobody";

    public override ValueTask InitializeAsync()
    {
        if (Environment.GetEnvironmentVariable("K2HDKCDBAAS_TEST_KUBECONFIG") is { Length: > 0 } file) Kubeconfig = Path.GetFullPath(file);
        else SkipReason = "K2HDKCDBAAS_TEST_KUBECONFIG names no kubeconfig";
        return ValueTask.CompletedTask;
    }

    public override async Task ForgetPastAsync(CancellationToken cancellationToken)
    {
        if (Environment.GetEnvironmentVariable("K2HDKCDBAAS_TEST_ETCD") is not { Length: > 0 } etcd)
        {
            Assert.Skip("K2HDKCDBAAS_TEST_ETCD names no etcd that could be told to forget");
            return;
        }
        // etcd's gateway from JSON: whatever is read says how far its store is.
        using var http = new HttpClient { BaseAddress = new Uri(etcd) };
        using var read = await http.PostAsJsonAsync("/v3/kv/range", new { key = "AA==" }, cancellationToken);
        var answer = await read.Content.ReadFromJsonAsync<System.Text.Json.JsonElement>(cancellationToken);
        var revision = answer.GetProperty("header").GetProperty("revision").GetString();
        using var compaction = await http.PostAsJsonAsync("/v3/kv/compaction", new { revision, physical = true }, cancellationToken);
        compaction.EnsureSuccessStatusCode();
    }
}
