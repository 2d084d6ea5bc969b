using System.Collections.Concurrent;
using K2hdkcDbaas.Sandbox.Kubernetes.Api;
using K2hdkcDbaas.Sandbox.Kubernetes.Controllers;
using K2hdkcDbaas.Sandbox.Kubernetes.Pods;
using K2hdkcDbaas.Sandbox.Kubernetes.Store;
using K2hdkcDbaas.Sandbox.Nodes;

namespace K2hdkcDbaas.Sandbox.Kubernetes;

/// <summary>The cluster of one sandbox: its objects, controllers and pods.</summary>
internal sealed class KubernetesCluster : IAsyncDisposable
{
    private readonly ControllerLoop _loop;
    private readonly GuestAddresses _addresses;

    public KubernetesCluster(SandboxState state)
    {
        _addresses = GuestAddresses.Claim(state.Options.PodNetwork);
        Store = new ObjectStore();
        Registry = new ObjectRegistry(Store, state.Clock);
        Authority = new ClusterAuthority();
        Authentication = new Authentication(Store, state.Clock);
        Authorization = new Authorization(Store);
        Watches = new WatchStreams(Store, state.Clock, state.Life);
        _loop = new ControllerLoop(state, Store);
        Faults.Changed = _loop.Wake;
        var events = new EventRecorder(Registry);
        var pods = new PodMaker(Registry, events);
        Kubelets = new Kubelets(state, Registry, events, Faults, _addresses.Prefix, (pod, log) =>
            DatabaseProgram.Takes(pod) ? new DatabaseProgram(state, this, pod, log)
            : RegistrationProgram.Takes(pod) ? new RegistrationProgram(state, this, pod, log)
            : K2hr3Program.Takes(pod) ? new K2hr3Program(state, Store, pod, log)
            : new PlainProgram(pod, log, state.Clock));
        if (state.Options.Guests)
            Nodes = new NodeRuntime(
                new NodeRuntimeOptions { Clock = state.Clock, Merge = state.Options.RingMerge, Faults = state.RingFaults });
        FirstObjects.Make(Registry, _addresses.Prefix);
        _loop.Controllers =
        [
            new NamespaceController(Registry, Authority.Pem), new GarbageCollector(Registry),
            new StatefulSetController(Registry, events, pods, _loop), new DeploymentController(Registry, events),
            new ReplicaSetController(Registry, pods, _loop), new JobController(Registry, events, pods, _loop),
            new Scheduler(Registry, events, Faults), new ClaimController(Registry, events),
            Kubelets, new EndpointsController(Registry), new BudgetController(Registry),
        ];
        state.Run(_loop.RunAsync);
    }

    public ObjectStore Store { get; }

    public ObjectRegistry Registry { get; }

    public ClusterAuthority Authority { get; }

    public Authentication Authentication { get; }

    public Authorization Authorization { get; }

    public WatchStreams Watches { get; }

    public PodFaults Faults { get; } = new();

    public Kubelets Kubelets { get; }

    /// <summary>Runs the K2HDKC nodes in pods; null leaves pods without: they register, and no ports answer.</summary>
    public NodeRuntime? Nodes { get; }

    /// <summary>What is on volumes, by the uid of their claims.</summary>
    public ConcurrentDictionary<string, ReadOnlyMemory<byte>> Disks { get; } = new(StringComparer.Ordinal);

    public async ValueTask DisposeAsync()
    {
        if (Nodes is not null) await Nodes.DisposeAsync().ConfigureAwait(false);
        Watches.Dispose();
        _addresses.Dispose();
        Authority.Dispose();
    }
}
