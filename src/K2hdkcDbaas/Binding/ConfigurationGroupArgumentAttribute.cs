using K2hdkcDbaas.Core.Model;

namespace K2hdkcDbaas.Binding;

/// <summary>Reads a configuration group: a name, an id, a group, also one that comes from a job or a file.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ConfigurationGroupArgumentAttribute : ObjectArgumentAttribute
{
    private protected override string Wanted => "a configuration group";

    private protected override object? Convert(GivenObject given) => given.Kind switch
    {
        ObjectKind.Text =>
            string.IsNullOrWhiteSpace((string)given.Value) ? given.Value : new ConfigurationGroupReference((string)given.Value),
        ObjectKind.ConfigurationGroup when given.Value is ConfigurationGroup group => new ConfigurationGroupReference(group),
        ObjectKind.ConfigurationGroup when given.Text("Id") is { } id => new ConfigurationGroupReference(id),
        ObjectKind.Other when given.Value is ConfigurationGroupReference => given.Value,
        ObjectKind.Other when given.IsRow && (given.Text("ConfigurationGroup") ?? given.Text("Name")) is { } name =>
            new ConfigurationGroupReference(name),
        _ => null,
    };
}
