namespace K2hdkcDbaas.Core.Registry;

/// <summary>How much a finding matters.</summary>
public enum FindingSeverity
{
    /// <summary>Worth knowing; nothing is wrong.</summary>
    Information,

    /// <summary>Works, but hardly as meant or not safely.</summary>
    Warning,

    /// <summary>Does not work.</summary>
    Error,
}
