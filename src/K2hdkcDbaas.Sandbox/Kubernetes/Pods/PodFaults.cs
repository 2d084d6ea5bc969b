using System.IO.Enumeration;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using K2hdkcDbaas.Sandbox.Kubernetes.Store;

namespace K2hdkcDbaas.Sandbox.Kubernetes.Pods;

/// <summary>What goes wrong with a pod.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PodFaultKind>))]
public enum PodFaultKind
{
    /// <summary>No node has room for it: it stays Pending.</summary>
    Unschedulable,

    /// <summary>Its images cannot be pulled: ErrImagePull, ImagePullBackOff.</summary>
    ImagePull,

    /// <summary>Its first container ends with an error again and again: CrashLoopBackOff.</summary>
    CrashLoop,

    /// <summary>It runs and never becomes ready.</summary>
    NotReady,

    /// <summary>Its init container fails: Init:Error, Init:CrashLoopBackOff.</summary>
    InitFails,

    /// <summary>Its containers do not end when asked to: the grace period passes first.</summary>
    SlowStop,
}

/// <summary>Pods that something goes wrong with.</summary>
/// <param name="Kind">What goes wrong.</param>
/// <param name="Namespace">Their namespace; null for any.</param>
/// <param name="Name">Pattern of their names, * for any characters.</param>
public sealed record PodFault(PodFaultKind Kind, string? Namespace, string Name);

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
            return _faults.Find(f => (f.Namespace is null || f.Namespace == pod.Namespace()) && FileSystemName.MatchesSimpleExpression(f.Name, pod.Name()))?.Kind;
    }
}
