namespace K2hdkcDbaas.Core.Model;

/// <summary>A Neutron network that a node can be put on.</summary>
/// <param name="Id">Neutron's id.</param>
/// <param name="Name">Its name; not unique.</param>
public sealed record Network(string Id, string Name)
{
    /// <summary>Neutron's status, such as <c>ACTIVE</c>.</summary>
    public string? Status { get; init; }

    /// <summary>Whether it leads out of the cloud; servers do not boot on such a network by default.</summary>
    public bool IsExternal { get; init; }

    /// <summary>Whether several projects share it.</summary>
    public bool IsShared { get; init; }

    /// <summary>The ids of its subnets; a network without one cannot take a server.</summary>
    public IReadOnlyList<string> Subnets { get; init => field = Indexable.Of(value); } = [];

    /// <inheritdoc/>
    public override string ToString() => Name;
}
