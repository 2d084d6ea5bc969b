using System.Collections;
using System.Runtime.CompilerServices;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Core.Sessions;

namespace K2hdkcDbaas.Completers;

/// <summary>Completes names of server nodes of the cluster given before.</summary>
public sealed class NodeCompleter : RoleNodeCompleter
{
    private protected override NodeRole Role => NodeRole.Server;
}
