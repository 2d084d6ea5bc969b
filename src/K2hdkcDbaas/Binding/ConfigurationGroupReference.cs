using K2hdkcDbaas.Core.Model;

namespace K2hdkcDbaas.Binding;

/// <summary>A Trove configuration group by name, by id or by object.</summary>
public sealed class ConfigurationGroupReference
{
    /// <summary>Refers by name or id.</summary>
    /// <param name="nameOrId">The name or id.</param>
    public ConfigurationGroupReference(string nameOrId)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(nameOrId);
        (Name, Key) = (nameOrId, nameOrId);
    }

    /// <summary>Refers to this group.</summary>
    /// <param name="group">The group.</param>
    public ConfigurationGroupReference(ConfigurationGroup group)
    {
        ArgumentNullException.ThrowIfNull(group);
        (Name, Key) = (group.Name, group.Id);
    }

    /// <summary>The group's name, or what the user gave for it.</summary>
    public string Name { get; }

    /// <summary>The id where it is known, since names are not unique; else the name.</summary>
    public string Key { get; }

    internal Reference Reference => new(Key);

    /// <inheritdoc/>
    public override string ToString() => Name;
}
