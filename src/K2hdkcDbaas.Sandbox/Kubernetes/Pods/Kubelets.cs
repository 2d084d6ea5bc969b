using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using K2hdkcDbaas.Sandbox.Kubernetes.Controllers;
using K2hdkcDbaas.Sandbox.Kubernetes.Store;

namespace K2hdkcDbaas.Sandbox.Kubernetes.Pods;

/// <summary>
/// The kubelets of all nodes: lead the pods that have a node. Each pod gets an address of the network, all of which are this machine's.
/// </summary>
internal sealed class Kubelets(SandboxState state, ObjectRegistry registry, EventRecorder events, PodFaults faults, string network,
    Func<JsonObject, PodLog, IPodProgram> makeProgram) : IController
{
    private const int FirstAddress = 10;
    private const int LastAddress = 250;
    private readonly ConcurrentDictionary<string, PodLife> _lives = new(StringComparer.Ordinal);
    private int _last = FirstAddress - 1;

    public void Sync()
    {
        var pods = registry.Store.All(ResourceTypes.Pods);
        foreach (var pod in pods.Where(p => p.Text("spec", "nodeName").Length > 0))
        {
            if (!_lives.TryGetValue(pod.Uid(), out var life))
            {
                if (pod.IsLeaving())
                {
                    registry.Drop(ResourceTypes.Pods, pod);
                    continue;
                }
                if (FreeAddress() is not { } address) continue;
                life = new PodLife(state, registry, events, faults, pod, address, makeProgram);
                _lives[pod.Uid()] = life;
                life.Start();
            }
            if (pod.IsLeaving()) life.Leave();
        }
        var known = pods.Select(p => p.Uid()).ToHashSet(StringComparer.Ordinal);
        foreach (var life in _lives.Values.Where(l => !known.Contains(l.Uid)))
        {
            life.Kill();
            if (life.Ended.IsCompleted) _lives.TryRemove(life.Uid, out _);
        }
    }

    public PodLife? Find(string uid) => _lives.GetValueOrDefault(uid);

    private string? FreeAddress()
    {
        var used = _lives.Values.Where(l => !l.Ended.IsCompleted).Select(l => l.Address).ToHashSet(StringComparer.Ordinal);
        for (var i = FirstAddress; i <= LastAddress; i++)
        {
            _last = _last >= LastAddress ? FirstAddress : _last + 1;
            var address = string.Create(CultureInfo.InvariantCulture, $"{network}.{_last}");
            if (!used.Contains(address)) return address;
        }
        return null;
    }
}
