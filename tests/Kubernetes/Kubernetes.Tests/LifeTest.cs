using K2hdkcDbaas.Core.Flows;
using K2hdkcDbaas.Core.Sessions;
using K2hdkcDbaas.Sandbox;
using k8s;
using k8s.Models;

namespace K2hdkcDbaas.KubernetesLife.Tests;

/// <summary>
/// A namespace of its own on the Kubernetes of K2HDKCDBAAS_TEST_KUBECONFIG, whose pods register themselves in K2HR3 and run nothing else.
/// K2HR3 is the sandbox's.
/// </summary>
public abstract class LifeTest : IAsyncLifetime
{
    private SandboxHost _sandbox = null!;

    // No ring runs in these pods, so nodes come and go the plain way.
    private protected static FlowOptions Waiting { get; } = new() { Wait = true, Force = true, Timeout = TimeSpan.FromMinutes(3) };

    private protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    private protected string Space { get; } = "life-" + Guid.NewGuid().ToString("N")[..8];

    private protected SandboxHost Sandbox => _sandbox;

    /// <summary>Whether the pods' containers run, with the programs of this machine; tests/Kubernetes/lab/kubelet.py goes by it.</summary>
    private protected virtual bool Runs => false;

    /// <summary>The Kubernetes, past all that is tested.</summary>
    private protected k8s.Kubernetes Behind { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        if (Variable("KUBECONFIG") is not { } kubeconfig)
        {
            Assert.Skip("K2HDKCDBAAS_TEST_KUBECONFIG names no kubeconfig");
            return;
        }
        _sandbox = await SandboxHost.StartAsync(new SandboxOptions { Guests = false }, Ct);
        Behind = new k8s.Kubernetes(KubernetesClientConfiguration.BuildConfigFromConfigFile(kubeconfig));
        await Behind.CoreV1.CreateNamespaceAsync(
            new V1Namespace
            {
                Metadata = new V1ObjectMeta
                {
                    Name = Space,
                    Annotations = new Dictionary<string, string>
                    {
                        ["lab/runs"] = Runs ? "true" : "false",
                        ["lab/k2hr3"] = _sandbox.K2hr3Url.GetLeftPart(UriPartial.Authority),
                    },
                },
            }, cancellationToken: Ct);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_sandbox is null) return;
        await Behind.CoreV1.DeleteNamespaceAsync(Space, cancellationToken: CancellationToken.None);
        Behind.Dispose();
        await _sandbox.DisposeAsync();
    }

    private protected static string? Variable(string name) =>
        Environment.GetEnvironmentVariable("K2HDKCDBAAS_TEST_" + name) is { Length: > 0 } value ? value : null;

    private protected Task<IDbaasSession> ConnectAsync(string backend = "Kubernetes", string? helm = null, string? context = null,
        string? access = null, bool hasK2hr3 = true) =>
        new SessionFactory().ConnectAsync(new SessionOptions
        {
            Backend = backend,
            Settings = new Dictionary<string, object?>
            {
                ["Kubeconfig"] = Variable("KUBECONFIG"),
                ["Namespace"] = Space,
                ["HelmPath"] = helm,
                ["PodAccess"] = access,
                ["Context"] = context,
            },
            K2hr3Uri = hasK2hr3 ? _sandbox.K2hr3Url.ToString() : null,
            K2hr3UserName = hasK2hr3 ? "demo" : null,
            K2hr3Password = hasK2hr3 ? _sandbox.Password : null,
            Tenant = hasK2hr3 ? "demo" : null,
        }, SilentObserver.Instance, Ct);
}
