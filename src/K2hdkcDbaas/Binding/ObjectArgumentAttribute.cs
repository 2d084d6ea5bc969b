using System.Collections;
using System.Management.Automation;

namespace K2hdkcDbaas.Binding;

/// <summary>
/// Reads a parameter's value by what it is. PowerShell's own conversion would take the name of any object, so that a node became a cluster,
/// or a cluster a K2HR3 role of its name; here an object means what it shows, or is refused by name. PowerShell tries the piped object
/// itself before its properties: an object that is returned unchanged binds by its properties' names.
/// </summary>
public abstract class ObjectArgumentAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public sealed override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        if (inputData is null) return null!;
        var value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        if (value is IEnumerable list and not (string or IDictionary))
        {
            var all = list.Cast<object?>().Select(item => item is null ? null : Read(item)).ToArray();
            return all is [{ } only] ? only : all;
        }

        return Read(inputData);
    }

    /// <summary>Makes the value of an object; the object itself for what binds by its properties.</summary>
    private protected abstract object? Convert(GivenObject given);

    /// <summary>What the parameter takes, in words.</summary>
    private protected abstract string Wanted { get; }

    private object Read(object input)
    {
        var given = GivenObject.Of(input);
        return Convert(given)
            ?? throw new ArgumentTransformationMetadataException(
                $"{given.Words[..1].ToUpperInvariant()}{given.Words[1..]} is not {Wanted}.{Hint(given.Kind)}");
    }

    private static string Hint(ObjectKind kind) => kind switch
    {
        ObjectKind.Node or ObjectKind.Slave or ObjectKind.ClusterConfiguration => " Name its cluster with its property Cluster.",
        ObjectKind.Session => " Give a session as -Session.",
        ObjectKind.Connection => " Give a connection as -Connection.",
        _ => "",
    };
}
