using System.Collections.Specialized;
using System.Management.Automation;
using System.Text.Json.Nodes;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Completers;
using K2hdkcDbaas.Core.Backends;

namespace K2hdkcDbaas.Commands;

/// <summary>
/// Puts clusters of pods into the values of K2HDKC's Helm chart, by which a release like them is made: a dictionary for -HelmValues of
/// New-K2hdkcCluster, or YAML. No secret stands in them.
/// </summary>
[Cmdlet(VerbsData.ConvertTo, "K2hdkcHelmValues")]
[OutputType(typeof(OrderedDictionary), typeof(string))]
public sealed class ConvertToK2hdkcHelmValuesCommand : BackendCmdlet
{
    /// <summary>The clusters, by name or object.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ArgumentCompleter(typeof(ClusterCompleter))]
    [ValidateNotNullOrEmpty]
    [ClusterArgument]
    public ClusterReference[] Cluster { get; set; } = [];

    /// <summary>Returns the text of a YAML file.</summary>
    [Parameter]
    public SwitchParameter AsYaml { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var cluster in Cluster)
        {
            var source = FeatureOf<IHelmValues>(cluster);
            if (TryRun(cluster.Name, (_, token) => source.GetValuesAsync(cluster.Key, token), out var values))
                WriteObject(AsYaml ? ValuesYaml.Write(values!) : Map(values!), enumerateCollection: false);
        }
    }

    private static OrderedDictionary Map(JsonObject values)
    {
        var map = new OrderedDictionary();
        foreach (var (name, value) in values) map[name] = Value(value);
        return map;
    }

    private static object? Value(JsonNode? value) => value switch
    {
        JsonObject inner => Map(inner),
        JsonArray list => list.Select(Value).ToArray(),
        null => null,
        _ => JsonValues.ToObject(System.Text.Json.JsonSerializer.SerializeToElement(value)),
    };
}
