using System.IO.Enumeration;
using System.Text.Json.Nodes;
using K2hdkcDbaas.Sandbox.Kubernetes.Store;

namespace K2hdkcDbaas.Sandbox.Kubernetes.Pods;

/// <summary>The faults of pods that are on now; a pod recovers when its fault is taken away.</summary>
public sealed class PodFaults
{
    private readonly List<PodFault> _faults = [];

    /// <summary>The faults.</summary>
    public IReadOnlyList<PodFault> All
    {
        get { lock (_faults) return [.. _faults]; }
    }

    internal Action Changed { get; set; } = () => { };

    /// <summary>Adds a fault.</summary>
    /// <param name="fault">The fault.</param>
    public void Add(PodFault fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        lock (_faults) _faults.Add(fault);
        Changed();
    }

    /// <summary>Takes all faults away.</summary>
    public void Clear()
    {
        lock (_faults) _faults.Clear();
        Changed();
    }

    internal PodFaultKind? Of(JsonObject pod)
    {
        lock (_faults)
            return _faults.Find(
                f => (f.Namespace is null || f.Namespace == pod.Namespace())
                    && FileSystemName.MatchesSimpleExpression(f.Name, pod.Name()))?.Kind;
    }
}
