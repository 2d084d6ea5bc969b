namespace K2hdkcDbaas.Core.Model;

/// <summary>A Neutron security group.</summary>
/// <param name="Id">Neutron's id.</param>
/// <param name="Name">Its name; not unique.</param>
public sealed record SecurityGroup(string Id, string Name)
{
    /// <summary>What it is for, in its maker's words.</summary>
    public string? Description { get; init; }

    /// <summary>Its rules.</summary>
    public IReadOnlyList<SecurityGroupRule> Rules { get; init => field = Indexable.Of(value); } = [];

    /// <inheritdoc/>
    public override string ToString() => Name;
}
