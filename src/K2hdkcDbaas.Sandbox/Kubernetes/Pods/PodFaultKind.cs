using System.Text.Json.Serialization;

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
