namespace K2hdkcDbaas.Templates;

/// <summary>What a yrn variable of a template stands for.</summary>
public enum TemplateLookupKind
{
    /// <summary>A resource's own text, not expanded, or its object.</summary>
    Resource,

    /// <summary>One key of a resource; all of its keys become variables.</summary>
    ResourceKey,

    /// <summary>The hosts that a role and those below it have by address.</summary>
    AddressHosts,

    /// <summary>The hosts that a role and those below it have by name.</summary>
    NamedHosts,

    /// <summary>All hosts of a role and those below it, addresses first.</summary>
    AllHosts,
}
