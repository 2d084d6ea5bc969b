namespace K2hdkcDbaas.Templates;

/// <summary>What a full name names.</summary>
public enum YrnKind
{
    /// <summary>A group of hosts, with policies.</summary>
    Role,

    /// <summary>Text and keys.</summary>
    Resource,

    /// <summary>What may or may not be done with which resources.</summary>
    Policy,
}
