using System.Diagnostics;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Http;

namespace K2hdkcDbaas.Kubernetes.Tests;

/// <summary>How helm is run, with a script in its place.</summary>
public sealed class HelmProgramTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("helm-");
    private readonly Redactor _redactor = new();

    private string Script => Path.Combine(_folder.FullName, "helm");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task It_gets_its_arguments_as_they_are_and_secrets_on_its_input()
    {
        Write("""printf '%s|' "$@"; printf '%s|' "$KUBECONFIG"; cat""");
        var settings = new KubernetesSettings { Kubeconfig = "/k/config", Context = "one two" };
        var output = await new HelmProgram(Script, settings, _redactor).RunAsync(["install", "$(touch x)", "a b"], "space",
            "{\"a\":\"é\"}", TestContext.Current.CancellationToken);
        Assert.Equal("install|$(touch x)|a b|--namespace|space|--kube-context|one two|/k/config|{\"a\":\"é\"}", output);
    }

    [Fact]
    public async Task It_is_found_on_the_path_and_may_leave_its_input_unread()
    {
        Write("echo found");
        var settings = new KubernetesSettings
        {
            Variable =
            name => name == "PATH" ? $"/nosuch{Path.PathSeparator}{_folder.FullName}" : null
        };
        var output = await new HelmProgram(null, settings, _redactor).RunAsync(["version"], "space", new string('x', 1 << 20),
            TestContext.Current.CancellationToken);
        Assert.Equal("found\n", output);
    }

    [Fact]
    public void Without_it_the_error_says_where_to_get_it()
    {
        var none = new HelmProgram(null, new KubernetesSettings { Variable = _ => null }, _redactor);
        var e = Assert.Throws<DbaasException>(() => none.Find());
        Assert.Equal((HelmErrorIds.HelmNotFound, ErrorKind.InvalidInput), (e.ErrorId, e.Kind));
        Assert.Contains("helm.sh", e.NextStep, StringComparison.Ordinal);
        var wrong = new HelmProgram("/nosuch/helm", new KubernetesSettings(), _redactor);
        Assert.Contains("/nosuch/helm", Assert.Throws<DbaasException>(() => wrong.Find()).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Error: values don't meet the specifications of the schema(s): count: Must be greater than 0",
        HelmErrorIds.HelmValuesRefused,
        ErrorKind.InvalidInput)]
    [InlineData("Error: INSTALLATION FAILED: cannot re-use a name that is still in use", "ClusterExists", ErrorKind.AlreadyExists)]
    [InlineData("Error: UPGRADE FAILED: another operation (install/upgrade/rollback) is in progress", HelmErrorIds.HelmReleaseBusy,
        ErrorKind.Conflict)]
    [InlineData("Error: UPGRADE FAILED: pre-upgrade hooks failed: 1 error occurred: job setup failed: BackoffLimitExceeded",
        HelmErrorIds.HelmHookFailed, ErrorKind.ServiceFailure)]
    [InlineData("Error: INSTALLATION FAILED: Kubernetes cluster unreachable: dial tcp", KubernetesErrorIds.KubernetesUnreachable,
        ErrorKind.Unreachable)]
    [InlineData("Error: query: failed to query with labels: secrets is forbidden: User u", KubernetesErrorIds.KubernetesForbidden,
        ErrorKind.Forbidden)]
    [InlineData("Error: uninstall: Release not loaded: web: release: not found", HelmErrorIds.HelmReleaseNotFound, ErrorKind.NotFound)]
    [InlineData("Error: INSTALLATION FAILED: release name check failed: cannot reuse a name that is still in use", "ClusterExists",
        ErrorKind.AlreadyExists)]
    [InlineData("Error: INSTALLATION FAILED: failed pre-install: resource Job/d/s not ready. status: Failed, message: Job Failed. failed: "
        + "1/1",
        HelmErrorIds.HelmHookFailed, ErrorKind.ServiceFailure)]
    [InlineData("Error: UPGRADE FAILED: pre-upgrade hooks failed: Job/d/s not ready. status: InProgress\ncontext deadline exceeded",
        HelmErrorIds.HelmHookFailed, ErrorKind.Timeout)]
    [InlineData("Error: cluster reachability check failed: kubernetes cluster unreachable: Get \"https://k\": context deadline exceeded",
        KubernetesErrorIds.KubernetesUnreachable, ErrorKind.Unreachable)]
    [InlineData("Error: release has no 7 version", HelmErrorIds.HelmReleaseNotFound, ErrorKind.NotFound)]
    [InlineData("Error: UPGRADE FAILED: \"web\" has no deployed releases", HelmErrorIds.HelmReleaseNotFound, ErrorKind.NotFound)]
    [InlineData("Error: something new", HelmErrorIds.HelmFailed, ErrorKind.ServiceFailure)]
    public async Task What_it_says_when_it_fails_becomes_an_error(string said, string id, ErrorKind kind)
    {
        _redactor.Learn("hidden-token");
        await File.WriteAllTextAsync(
            Path.Combine(_folder.FullName, "said"), $"WARNING: Kubernetes configuration file is group-readable\n{said} "
            + "hidden-token\n", TestContext.Current.CancellationToken);
        Write("cat \"$(dirname \"$0\")/said\" >&2; exit 1");
        var e = await Assert.ThrowsAsync<DbaasException>(() => new HelmProgram(Script, new KubernetesSettings(), _redactor)
            .RunAsync(["install", "web"], "space", null, TestContext.Current.CancellationToken));
        Assert.Equal((id, kind, "web"), (e.ErrorId, e.Kind, e.Target));
        Assert.Contains(said[7..20], e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("WARNING", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden-token", e.Message, StringComparison.Ordinal);
        Assert.NotNull(e.NextStep);
    }

    [Theory]
    [InlineData("- dbaas.server.count: Invalid type. Expected: number, given: string")]
    [InlineData("- at '/dbaas/server/count': got string, want number")]
    public async Task A_value_that_the_schema_refuses_is_named_as_it_is_given(string said)
    {
        Write($"""
            cat >&2 <<'END'
            level=ERROR msg="a word that helm 4 logs, and says again"
            Error: values don't meet the specifications of the schema(s) in the following chart(s):
            k2hdkc:
            {said}
            END
            exit 1
            """);
        var e = await Assert.ThrowsAsync<DbaasException>(() => new HelmProgram(Script, new KubernetesSettings(), _redactor)
            .RunAsync(["template", "web"], "space", null, TestContext.Current.CancellationToken));
        Assert.Equal((HelmErrorIds.HelmValuesRefused, ErrorKind.InvalidInput), (e.ErrorId, e.Kind));
        Assert.Contains("- dbaas.server.count: ", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("level=", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("v3.17.2", 3)]
    [InlineData("v4.0.0-rc.1+gabc", 4)]
    [InlineData("v2.17.0", 0)]
    [InlineData("usage: helm", 0)]
    public async Task It_is_asked_once_which_helm_it_is(string said, int major)
    {
        Write($"echo x >> \"$(dirname \"$0\")/asked\"; echo '{said}'");
        var program = new HelmProgram(Script, new KubernetesSettings(), _redactor);
        if (major == 0)
        {
            var e = await Assert.ThrowsAsync<DbaasException>(() => program.MajorAsync(TestContext.Current.CancellationToken));
            Assert.Equal(HelmErrorIds.HelmNotFound, e.ErrorId);
            Assert.Contains(said, e.Message, StringComparison.Ordinal);
            return;
        }

        for (var i = 0; i < 2; i++) Assert.Equal(major, await program.MajorAsync(TestContext.Current.CancellationToken));
        Assert.Equal("x\n", await File.ReadAllTextAsync(Path.Combine(_folder.FullName, "asked"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Who_stops_the_call_stops_it()
    {
        Write("echo $$ > \"$(dirname \"$0\")/pid\"; exec sleep 600");
        using var stop = new CancellationTokenSource();
        var run = new HelmProgram(Script, new KubernetesSettings(), _redactor).RunAsync(["install"], "space", null, stop.Token);
        var pid = 0;
        while (!File.Exists(Path.Combine(_folder.FullName, "pid"))
            || !int.TryParse(await File.ReadAllTextAsync(Path.Combine(_folder.FullName, "pid"), TestContext.Current.CancellationToken),
                out pid))
            await Task.Delay(20, TestContext.Current.CancellationToken);
        using var child = Process.GetProcessById(pid);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        await child.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(30),
            TestContext.Current.CancellationToken);
    }

    private void Write(string body)
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("The script in helm's place is one of a Unix shell.");
            return;
        }

        // By another process: a file that this one has open for writing, or a child it forks meanwhile, cannot be run.
        using var shell = Process.Start(new ProcessStartInfo("sh", ["-c", "cat > \"$0\" && chmod 700 \"$0\"", Script])
        {
            RedirectStandardInput = true,
        })!;
        shell.StandardInput.Write("#!/bin/sh\n" + body + "\n");
        shell.StandardInput.Close();
        shell.WaitForExit();
    }
}
