using K2hdkcDbaas.Http;
using K2hdkcDbaas.Kubernetes;

namespace K2hdkcDbaas.Contracts.Tests;

/// <summary>
/// The Kubernetes that a suite runs against. The sandbox's always; a real one when K2HDKCDBAAS_TEST_KUBECONFIG names its kubeconfig, whose
/// current context signs in with a client certificate and may do everything; its context <c>token</c> may do so with a token, and
/// <c>nobody</c> is a user of that name without a right. K2HDKCDBAAS_TEST_ETCD is the address of its etcd, to forget the past on demand.
/// </summary>
public abstract class KubernetesTarget : IAsyncLifetime
{
    private readonly List<IDisposable> _made = [];

    /// <summary>Why the suite is skipped; null when it runs.</summary>
    protected string? SkipReason { get; set; }

    /// <summary>Whether containers run in its pods, so that their ports can be reached.</summary>
    public virtual bool RunsContainers => true;

    public static TimeSpan Patience => TimeSpan.FromSeconds(60);

    protected string Kubeconfig { get; set; } = "";

    /// <summary>The context of a user with a token and all rights.</summary>
    protected abstract string TokenContext { get; }

    /// <summary>The context of a user without a right in new namespaces.</summary>
    protected abstract string NobodyContext { get; }

    /// <summary>That user's name.</summary>
    public abstract string Nobody { get; }

    public abstract ValueTask InitializeAsync();

    public virtual ValueTask DisposeAsync()
    {
        foreach (var made in _made) made.Dispose();
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    /// <summary>Lets the server forget all old states of its objects.</summary>
    public abstract Task ForgetPastAsync(CancellationToken cancellationToken);

    /// <summary>Our client.</summary>
    public KubernetesConnection Connect(string space, KubernetesUser user = KubernetesUser.Owner, IHttpObserver? observer = null)
    {
        var settings = new KubernetesSettings { Kubeconfig = Kubeconfig, Context = ContextOf(user), Namespace = space };
        var made = new KubernetesConnection(settings, observer, TimeProvider.System);
        _made.Add(made);
        return made;
    }

    /// <summary>Our client with a kubeconfig that was changed.</summary>
    public KubernetesConnection ConnectChanged(string space, KubernetesUser user, Func<string, string> change)
    {
        var file = Path.Combine(Path.GetDirectoryName(Kubeconfig)!, $"changed-{Guid.NewGuid():N}");
        File.WriteAllText(file, change(File.ReadAllText(Kubeconfig)));
        try
        {
            var settings = new KubernetesSettings { Kubeconfig = file, Context = ContextOf(user), Namespace = space };
            var made = new KubernetesConnection(settings, null, TimeProvider.System);
            _made.Add(made);
            _ = made.Namespace;
            return made;
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>A new namespace, and the bare API in it.</summary>
    public async Task<KubernetesSpace> NewSpaceAsync()
    {
        if (SkipReason is { } reason) Assert.Skip(reason);
        return await KubernetesSpace.MakeAsync(Kubeconfig, null, Patience);
    }

    /// <summary>The bare API for another user.</summary>
    public KubernetesSpace As(KubernetesUser user, string space) => new(Kubeconfig, ContextOf(user), space, Patience);

    private string? ContextOf(KubernetesUser user) => user switch
    {
        KubernetesUser.Token => TokenContext,
        KubernetesUser.Nobody => NobodyContext,
        _ => null,
    };
}
