namespace K2hdkcDbaas.Core.Model;

/// <summary>A setting that a configuration group may hold, as Trove itself lists it.</summary>
/// <param name="Name">Its name, such as <c>chmpx-server-port</c>.</param>
/// <param name="Type"><c>string</c>, <c>integer</c> or <c>boolean</c>.</param>
public sealed record ConfigurationParameter(string Name, string Type)
{
    /// <summary>Smallest value of a number, or least length of a text; null for no limit.</summary>
    public long? Min { get; init; }

    /// <summary>Greatest value of a number, or greatest length of a text; null for no limit.</summary>
    public long? Max { get; init; }

    /// <summary>Whether instances must be restarted to take a change up.</summary>
    public bool RestartRequired { get; init; }

    /// <summary>Whether only the system sets it (<c>extdata-url</c>).</summary>
    public bool SystemOnly { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
