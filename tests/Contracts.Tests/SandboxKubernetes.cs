using K2hdkcDbaas.Sandbox;

namespace K2hdkcDbaas.Contracts.Tests;

/// <summary>A sandbox in this process.</summary>
public sealed class SandboxKubernetes : KubernetesTarget
{
    private SandboxHost? _host;

    public override string Nobody => "demo-reader";

    protected override string TokenContext => "sandbox-alt";

    // A reader of the namespace demo alone.
    protected override string NobodyContext => "sandbox-reader";

    public override async ValueTask InitializeAsync()
    {
        _host = await SandboxHost.StartAsync(new SandboxOptions { Speed = 20, Guests = false }, TestContext.Current.CancellationToken);
        Kubeconfig = _host.KubeconfigFile;
    }

    public override Task ForgetPastAsync(CancellationToken cancellationToken)
    {
        _host!.CompactKubernetes();
        return Task.CompletedTask;
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        var problems = _host!.Problems;
        await _host.DisposeAsync();
        Assert.Empty(problems);
    }
}
