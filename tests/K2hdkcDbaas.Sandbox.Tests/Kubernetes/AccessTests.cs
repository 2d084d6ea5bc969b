namespace K2hdkcDbaas.Sandbox.Tests.Kubernetes;

/// <summary>Who may do what: certificates, tokens, RBAC and its reviews.</summary>
public sealed class AccessTests
{
    private const string Pods = "/api/v1/namespaces/demo/pods";

    [Fact]
    public async Task A_reader_reads_and_no_more()
    {
        await using var kube = await Kube.StartAsync();
        using var reader = kube.Client("demo-reader");
        Assert.Equal(200, (await kube.GetAsync(Pods, reader)).Status);
        var refused = await kube.SendAsync("POST", Pods, Kube.Pod("p"), by: reader);
        Assert.Equal((403,
            "pods is forbidden: User \"demo-reader\" cannot create resource \"pods\" in API group \"\" in the namespace \"demo\""),
            (refused.Status, refused.Error));
        var scale = await kube.SendAsync("PATCH", "/apis/apps/v1/namespaces/demo/statefulsets/s/scale", "{}", Kube.Merge, by: reader);
        Assert.Equal("statefulsets.apps \"s\" is forbidden: User \"demo-reader\" cannot patch resource \"statefulsets/scale\" in API group "
            + "\"apps\" in the namespace \"demo\"", scale.Error);
        var nodes = await kube.GetAsync("/api/v1/nodes", reader);
        Assert.Equal("nodes is forbidden: User \"demo-reader\" cannot list resource \"nodes\" in API group \"\" at the cluster scope",
            nodes.Error);
    }

    [Theory]
    [InlineData("demo", true)]
    [InlineData("alt", true)]
    [InlineData("kubernetes-admin", true)]
    [InlineData("demo-reader", false)]
    public async Task A_review_says_what_the_server_would(string user, bool allowed)
    {
        await using var kube = await Kube.StartAsync();
        using var by = kube.Client(user);
        var review = await kube.SendAsync("POST", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
            """{"spec": {"resourceAttributes": {"namespace": "demo", "verb": "create", "group": "apps", "resource": "statefulsets"}}}""",
            by: by);
        Assert.Equal(allowed, review.Body!["status"]!["allowed"]!.GetValue<bool>());
    }

    [Fact]
    public async Task No_one_and_wrong_tokens_are_kept_out()
    {
        await using var kube = await Kube.StartAsync();
        using var noOne = kube.Client(null);
        Assert.Equal((403, "system:anonymous"),
            ((await kube.GetAsync(Pods, noOne)).Status, (await kube.GetAsync(Pods, noOne)).Error!.Split('"')[1]));
        Assert.Equal(200, (await kube.GetAsync("/version", noOne)).Status);
        noOne.DefaultRequestHeaders.Authorization = new("Bearer", "nonsense");
        Assert.Equal((401, "Unauthorized"), ((await kube.GetAsync(Pods, noOne)).Status, (await kube.GetAsync(Pods, noOne)).Error));
    }

    [Fact]
    public async Task A_service_accounts_token_works_until_it_ends_and_has_the_rights_bound_to_it()
    {
        await using var kube = await Kube.StartAsync(speed: 0);
        await kube.UntilAsync("/api/v1/namespaces/demo/serviceaccounts/default", _ => true);
        var issued = await kube.MustAsync("POST", "/api/v1/namespaces/demo/serviceaccounts/default/token",
            """{"spec": {"expirationSeconds": 600}}""");
        using var account = kube.Client(null);
        account.DefaultRequestHeaders.Authorization = new("Bearer", Kube.Word(issued, "status", "token"));
        Assert.Contains("system:serviceaccount:demo:default", (await kube.GetAsync(Pods, account)).Error, StringComparison.Ordinal);
        await kube.MustAsync("POST", "/apis/rbac.authorization.k8s.io/v1/namespaces/demo/roles",
            """{"metadata": {"name": "r"}, "rules": [{"apiGroups": [""], "resources": ["pods"], "verbs": ["list"]}]}""");
        await kube.MustAsync("POST", "/apis/rbac.authorization.k8s.io/v1/namespaces/demo/rolebindings",
            """{"metadata": {"name": "r"}, "roleRef": {"kind": "Role", "name": "r"}, "subjects": [{"kind": "ServiceAccount", "name": "default", "namespace": "demo"}]}""");
        Assert.Equal(200, (await kube.GetAsync(Pods, account)).Status);
        Assert.Equal(403, (await kube.GetAsync(Pods + "/p", account)).Status);
        kube.Host.Clock.Advance(TimeSpan.FromSeconds(601));
        Assert.Equal(401, (await kube.GetAsync(Pods, account)).Status);
    }
}
