namespace K2hdkcDbaas.Core.Backends;

/// <summary>The cmdlets on which a <see cref="BackendParameter"/> appears.</summary>
[Flags]
public enum ParameterUses
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary><c>New-K2hdkcCluster</c>.</summary>
    NewCluster = 1,

    /// <summary><c>Add-K2hdkcNode</c>.</summary>
    AddNode = 2,

    /// <summary><c>Start-K2hdkcSlave</c>.</summary>
    StartSlave = 4,

    /// <summary><c>Restore-K2hdkcCluster</c>.</summary>
    RestoreCluster = 8,

    /// <summary><c>Restore-K2hdkcNode</c>.</summary>
    RestoreNode = 16,

    /// <summary><c>Connect-K2hdkcDbaas</c>: the value comes to the provider in <see cref="BackendContext.Settings"/>.</summary>
    Connect = 32,

    /// <summary><c>Update-K2hdkcCertificate</c>.</summary>
    UpdateCertificate = 64,

    /// <summary><c>Update-K2hdkcNodeImage</c>.</summary>
    UpdateImage = 128,

    /// <summary>All that make server nodes.</summary>
    Servers = NewCluster | AddNode | RestoreCluster | RestoreNode,

    /// <summary>All that make clusters or nodes.</summary>
    All = Servers | StartSlave,
}
