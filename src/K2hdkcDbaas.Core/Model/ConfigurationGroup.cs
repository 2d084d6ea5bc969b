namespace K2hdkcDbaas.Core.Model;

/// <summary>A Trove configuration group: the settings that the nodes of a Trove cluster share.</summary>
public sealed record ConfigurationGroup
{
    /// <summary>Trove's id.</summary>
    public required string Id { get; init; }

    /// <summary>Its name; not unique.</summary>
    public required string Name { get; init; }

    /// <summary>What it is for, in its maker's words.</summary>
    public string? Description { get; init; }

    /// <summary>The datastore it is for.</summary>
    public string? Datastore { get; init; }

    /// <summary>The datastore version it is for.</summary>
    public string? DatastoreVersion { get; init; }

    /// <summary>The settings: strings, whole numbers and booleans by parameter name.</summary>
    public IReadOnlyDictionary<string, object?> Values { get; init; } = new Dictionary<string, object?>();

    /// <summary>How many instances use it; null when not asked.</summary>
    public int? InstanceCount { get; init; }

    /// <summary>When it was made, in UTC.</summary>
    public DateTimeOffset? Created { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
