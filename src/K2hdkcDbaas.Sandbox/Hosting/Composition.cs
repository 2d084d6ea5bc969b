using K2hdkcDbaas.Sandbox.Glance;
using K2hdkcDbaas.Sandbox.Guests;
using K2hdkcDbaas.Sandbox.K2hr3;
using K2hdkcDbaas.Sandbox.Keystone;
using K2hdkcDbaas.Sandbox.Kubernetes;
using K2hdkcDbaas.Sandbox.Neutron;
using K2hdkcDbaas.Sandbox.Nodes;
using K2hdkcDbaas.Sandbox.Nova;
using K2hdkcDbaas.Sandbox.Trove;

namespace K2hdkcDbaas.Sandbox;

/// <summary>The one place that says what a sandbox is made of.</summary>
internal static class Composition
{
    /// <summary>Puts services and guests into the state.</summary>
    public static void Compose(SandboxState state)
    {
        state.Services =
            [new KeystoneService(), new GlanceService(state), new NovaService(state), new NeutronService(state), new TroveService(state),
                new K2hr3Service(), new KubernetesService(state.Kubernetes)];
        if (state.Options.Guests) state.Guests = new GuestRuntime(
            state, new NodeRuntime(
                new NodeRuntimeOptions { Clock = state.Clock, Merge = state.Options.RingMerge, Faults = state.RingFaults }));
    }
}
