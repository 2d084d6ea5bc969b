using K2hdkcDbaas.Core.Model;

namespace K2hdkcDbaas.Completers;

/// <summary>Completes names of server nodes of the cluster given before.</summary>
public sealed class NodeCompleter : RoleNodeCompleter
{
    private protected override NodeRole Role => NodeRole.Server;
}
