using K2hdkcDbaas.Core.Model;

namespace K2hdkcDbaas.Binding;

/// <summary>A backup by name or id, a whole set by its name, or a backup by object.</summary>
public sealed class BackupReference
{
    /// <summary>Refers by name or id, or to a set.</summary>
    /// <param name="nameOrId">Any of these.</param>
    public BackupReference(string nameOrId)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(nameOrId);
        Name = nameOrId;
    }

    /// <summary>Refers to this backup.</summary>
    /// <param name="backup">The backup.</param>
    public BackupReference(Backup backup)
    {
        ArgumentNullException.ThrowIfNull(backup);
        (Name, Backup) = (backup.Name, backup);
    }

    /// <summary>The backup's name, or what the user gave for it.</summary>
    public string Name { get; }

    /// <summary>The backup itself; null when only its name is known.</summary>
    public Backup? Backup { get; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
