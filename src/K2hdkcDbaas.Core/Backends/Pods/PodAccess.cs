namespace K2hdkcDbaas.Core.Backends.Pods;

/// <summary>How pods' ports are reached.</summary>
internal enum PodAccess
{
    /// <summary>By the pods' addresses where one of them answers, else through the API server.</summary>
    Auto,

    /// <summary>By the pods' addresses.</summary>
    Direct,

    /// <summary>Through the API server's port-forward.</summary>
    PortForward,
}
