namespace K2hdkcDbaas.Core.Model;

/// <summary>What a node's status comes to, whatever words the service has for it.</summary>
internal enum NodeHealth
{
    /// <summary>On its way to run, or to be gone.</summary>
    Changing,

    /// <summary>It runs, or nobody asked.</summary>
    Running,

    /// <summary>Somebody stopped it.</summary>
    Stopped,

    /// <summary>It has failed, or is gone.</summary>
    Failed,
}
