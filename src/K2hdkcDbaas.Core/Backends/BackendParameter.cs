using K2hdkcDbaas.Core.Model;

namespace K2hdkcDbaas.Core.Backends;

/// <summary>
/// A parameter that only some engines understand, in no shell's terms: the skin makes a dynamic parameter of it. <see cref="Type"/> is one
/// of <see cref="string"/>, <c>string[]</c>, <see cref="int"/>, <see cref="bool"/> (a switch), <see cref="Uri"/>, <see cref="Reference"/>,
/// <c>Reference[]</c>, and for hashtables <c>IReadOnlyDictionary&lt;string, string&gt;</c>, <see cref="System.Text.Json.Nodes.JsonObject"/>
/// and (for several) <see cref="System.Text.Json.Nodes.JsonArray"/>.
/// </summary>
/// <param name="Name">Its name: Pascal case, singular, without a dash.</param>
/// <param name="Type">What its values are.</param>
/// <param name="Uses">The cmdlets that have it.</param>
/// <param name="Help">What it means, in one or two sentences: shown by Get-Help and on completion.</param>
public sealed record BackendParameter(string Name, Type Type, ParameterUses Uses, string Help)
{
    /// <summary>The only values that are taken; empty for any.</summary>
    public IReadOnlyList<string> Allowed { get; init; } = [];

    /// <summary>The least and greatest value of a number; null for no limit.</summary>
    public (int Least, int Greatest)? Range { get; init; }

    /// <summary>Whether, where clusters are made, it is of use with slave nodes only.</summary>
    public bool ForSlaves { get; init; }

    /// <summary>Whether its values are paths, which the shell makes absolute: its own working folder is not the process's.</summary>
    public bool IsPath { get; init; }

    /// <summary>Whether, with <see cref="IsPath"/>, a value where nothing lies is some other name, and stays as it is.</summary>
    public bool MayBeName { get; init; }

    /// <summary>Whether a property of the same name of an object in the pipeline gives it.</summary>
    public bool FromPipelineByName { get; init; }

    /// <summary>
    /// Finds candidates for what the user has typed; null for none. It may ask services: after two seconds what came is shown.
    /// </summary>
    public ParameterCompletion? Complete { get; init; }

    /// <summary>
    /// With <see cref="ParameterUses.Connect"/>: finds candidates before there is a session; null for none. Within two seconds, or not at
    /// all.
    /// </summary>
    public SettingCompletion? CompleteSetting { get; init; }

    /// <summary>
    /// Puts a value into a request for nodes; null: it goes to <see cref="NodeTemplate.Settings"/> under the parameter's name.
    /// </summary>
    public Func<NodeTemplate, object, NodeTemplate>? PutNode { get; init; }

    /// <summary>
    /// Puts a value into a request for a cluster instead of into its <see cref="NewCluster.Nodes"/>: for what concerns a cluster as a
    /// whole.
    /// </summary>
    public Func<NewCluster, object, NewCluster>? PutCluster { get; init; }

    /// <summary>The request with the value put where it belongs.</summary>
    /// <param name="template">The request.</param>
    /// <param name="value">The value, of <see cref="Type"/>.</param>
    public NodeTemplate Put(NodeTemplate template, object value)
    {
        if (PutNode is { } put) return put(template, value);
        return template with
        {
            Settings =
            new Dictionary<string, object>(template.Settings, StringComparer.OrdinalIgnoreCase) { [Name] = value }
        };
    }
}
