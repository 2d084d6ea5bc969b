using System.Management.Automation;
using K2hdkcDbaas.Core.Backends;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Sessions;

namespace K2hdkcDbaas.Base;

/// <summary>A cmdlet that boots nodes: how they are made is told by parameters of the back end.</summary>
public abstract class NodeTemplateCmdlet : FlowCmdlet, IDynamicParameters
{
    private EngineParameters? _engine;

    /// <summary>Leaves what a failing flow has made instead of undoing it.</summary>
    [Parameter]
    public SwitchParameter KeepPartial { get; set; }

    private protected abstract ParameterUses Use { get; }

    private EngineParameters Engine => _engine ??= new EngineParameters(Use);

    /// <inheritdoc/>
    public object GetDynamicParameters() => Engine.Define(SessionTable.ProvidersHere(Session));

    /// <summary>Says which of the given parameters mean nothing to the back end that is asked.</summary>
    private protected void WarnOfUnused(string backend, bool slaves = true)
    {
        var provider = Provider(backend);
        var unused = Engine.Unused(provider, slaves).Select(name => "-" + name).ToList();
        if (unused.Count > 0) WriteWarning($"{string.Join(", ", unused)}: of no use here; {provider.Name} decides on this itself, or does not know it.");
    }

    /// <summary>How the nodes are made; null when nothing is said of it.</summary>
    private protected NodeTemplate? GivenTemplate(string backend)
    {
        NodeTemplate? template = null;
        foreach (var (parameter, value) in Engine.Of(Provider(backend)))
        {
            if (parameter.PutCluster is null) template = parameter.Put(template ?? new NodeTemplate(), value);
        }

        return template;
    }

    /// <summary>How the nodes are made.</summary>
    private protected NodeTemplate Template(string backend) => GivenTemplate(backend) ?? new NodeTemplate();

    /// <summary>The cluster with all that is said of it as a whole.</summary>
    private protected NewCluster WithGiven(string backend, NewCluster cluster)
    {
        foreach (var (parameter, value) in Engine.Of(Provider(backend)))
        {
            if (parameter.PutCluster is { } put) cluster = put(cluster, value);
        }

        return cluster;
    }

    private IClusterBackendProvider Provider(string backend) => BackendProviders.Find(Connection.Providers, backend) ?? Connection.Providers[0];
}
