namespace K2hdkcDbaas.Model;

/// <summary>A part of a K2HR3 resource that can be removed alone.</summary>
public enum ResourcePart
{
    /// <summary>Its text.</summary>
    Text,

    /// <summary>Its object.</summary>
    Data,

    /// <summary>All its keys.</summary>
    Key,

    /// <summary>All its aliases.</summary>
    Alias,

    /// <summary>The end of its life: then it stays.</summary>
    Expiry,
}
