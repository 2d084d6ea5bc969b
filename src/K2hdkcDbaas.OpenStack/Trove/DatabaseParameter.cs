namespace K2hdkcDbaas.OpenStack.Trove;

/// <summary>A setting that a configuration group may hold.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type"><c>integer</c>, <c>string</c> or <c>boolean</c>.</param>
public sealed record DatabaseParameter(string Name, string Type)
{
    /// <summary>The least value of an integer.</summary>
    public long? Min { get; init; }

    /// <summary>The greatest value of an integer.</summary>
    public long? Max { get; init; }

    /// <summary>Whether an instance must be restarted when it changes.</summary>
    public bool RestartRequired { get; init; }
}
