namespace K2hdkcDbaas.Binding;

/// <summary>
/// Reads the name of a thing of one kind: text, or such an object, also one that comes from a job or a file, which means its id where it
/// has one, since names need not be unique.
/// </summary>
/// <param name="kinds">The kinds of objects whose name or id is meant.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class NameArgumentAttribute(params ObjectKind[] kinds) : ObjectArgumentAttribute
{
    /// <summary>The kinds of objects whose name or id is meant.</summary>
    public IReadOnlyList<ObjectKind> Kinds { get; } = kinds;

    /// <summary>A kind that binds by the names of its properties, such as the host of a role by Role and HostName.</summary>
    public ObjectKind ByProperty { get; init; }

    /// <summary>Whether the object's name is meant even where it has an id.</summary>
    public bool NameOnly { get; init; }

    private protected override string Wanted =>
        Kinds.Count == 0 ? "a name" : "the name of " + string.Join(" or ", Kinds.Select(k => GivenObject.WordsOf(k)));

    private protected override object? Convert(GivenObject given)
    {
        if (Kinds.Contains(given.Kind)) return (NameOnly ? null : given.Text("Id")) ?? given.Text("Name");
        if (given.Kind is ObjectKind.Text or ObjectKind.Other || given.Kind == ByProperty) return given.Value;
        return null;
    }
}
