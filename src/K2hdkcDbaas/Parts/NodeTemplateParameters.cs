using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Core.Backends;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Sessions;

namespace K2hdkcDbaas.Parts;

/// <summary>How nodes are made, as told by parameters of the back end, for a cmdlet that boots some.</summary>
/// <param name="cmdlet">The cmdlet, which hands out <see cref="Define"/> as its dynamic parameters.</param>
/// <param name="use">What it uses them for.</param>
internal sealed class NodeTemplateParameters(SessionCmdlet cmdlet, ParameterUses use)
{
    private readonly EngineParameters _engine = new(use);

    /// <summary>The dynamic parameters: those of all engines that the session has.</summary>
    public RuntimeDefinedParameterDictionary Define() => _engine.Define(SessionTable.ProvidersHere(cmdlet.Session));

    /// <summary>Says which of the given parameters mean nothing to the back end that is asked.</summary>
    public void WarnOfUnused(string backend, bool slaves = true)
    {
        var provider = Provider(backend);
        var unused = _engine.Unused(provider, slaves).Select(name => "-" + name).ToList();
        if (unused.Count > 0)
            cmdlet.WriteWarning(
                $"{string.Join(", ", unused)}: of no use here; {provider.Name} decides on this itself, or does not know it.");
    }

    /// <summary>How the nodes are made; null when nothing is said of it.</summary>
    public NodeTemplate? Given(string backend)
    {
        NodeTemplate? template = null;
        foreach (var (parameter, value) in _engine.Of(Provider(backend)))
        {
            if (parameter.PutCluster is null) template = parameter.Put(template ?? new NodeTemplate(), Whole(parameter, value));
        }

        return template;
    }

    /// <summary>How the nodes are made.</summary>
    public NodeTemplate Template(string backend) => Given(backend) ?? new NodeTemplate();

    /// <summary>The cluster with all that is said of it as a whole.</summary>
    public NewCluster WithGiven(string backend, NewCluster cluster)
    {
        foreach (var (parameter, value) in _engine.Of(Provider(backend)))
        {
            if (parameter.PutCluster is { } put) cluster = put(cluster, Whole(parameter, value));
        }

        return cluster;
    }

    // The shell's working folder is not the process's.
    private object Whole(BackendParameter parameter, object value) => (parameter.IsPath, value) switch
    {
        (true, string path) => Whole(parameter, path),
        (true, string[] paths) => paths.Select(p => Whole(parameter, p)).ToArray(),
        _ => value,
    };

    private string Whole(BackendParameter parameter, string path)
    {
        if (parameter.MayBeName && path.Contains("://", StringComparison.Ordinal)) return path;
        var whole = cmdlet.SessionState.Path.GetUnresolvedProviderPathFromPSPath(path);
        return parameter.MayBeName && !File.Exists(whole) && !Directory.Exists(whole) ? path : whole;
    }

    private IClusterBackendProvider Provider(string backend) =>
        BackendProviders.Find(cmdlet.Connection.Providers, backend) ?? cmdlet.Connection.Providers[0];
}
