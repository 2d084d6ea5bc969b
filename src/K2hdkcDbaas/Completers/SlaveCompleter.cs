using K2hdkcDbaas.Core.Model;

namespace K2hdkcDbaas.Completers;

/// <summary>Completes names of slave nodes of the cluster given before.</summary>
public sealed class SlaveCompleter : RoleNodeCompleter
{
    private protected override NodeRole Role => NodeRole.Slave;
}
