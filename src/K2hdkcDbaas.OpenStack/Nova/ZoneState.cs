namespace K2hdkcDbaas.OpenStack.Nova;

/// <summary>Whether a zone takes servers.</summary>
/// <param name="Available">True when it does.</param>
public sealed record ZoneState(bool Available);
