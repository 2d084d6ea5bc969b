using K2hdkcDbaas.Core.Model;

namespace K2hdkcDbaas.Binding;

/// <summary>
/// Reads what a cluster or node is made of: a name, an id, an image, flavor, network and so on, also one that comes from a job or a file.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ReferenceArgumentAttribute : ObjectArgumentAttribute
{
    private protected override string Wanted => "a name, an id or an object";

    private protected override object? Convert(GivenObject given) => given.Kind switch
    {
        ObjectKind.Text => string.IsNullOrWhiteSpace((string)given.Value) ? given.Value : new Reference((string)given.Value),
        ObjectKind.Image or ObjectKind.Flavor or ObjectKind.Network or ObjectKind.SecurityGroup or ObjectKind.ConfigurationGroup
            when given.Text("Id") is { } id => new Reference(id),
        ObjectKind.KeyPair when given.Text("Name") is { } name => new Reference(name),
        ObjectKind.Other => given.Value,
        _ => null,
    };
}
