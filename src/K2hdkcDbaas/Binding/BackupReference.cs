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
        (Name, Key) = (nameOrId, nameOrId);
    }

    /// <summary>Refers to this backup.</summary>
    /// <param name="backup">The backup.</param>
    public BackupReference(Backup backup)
    {
        ArgumentNullException.ThrowIfNull(backup);
        (Name, Backup, Key, Backend) = (backup.Name, backup, backup.Id, backup.Backend);
    }

    /// <summary>Refers to a backup that was an object elsewhere: in a job or in a file.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="id">Its id.</param>
    /// <param name="backend">Its back end; null for the session's.</param>
    internal BackupReference(string name, string id, string? backend) => (Name, Key, Backend) = (name, id, backend);

    /// <summary>The backup's name, or what the user gave for it.</summary>
    public string Name { get; }

    /// <summary>The backup itself; null when only its name is known.</summary>
    public Backup? Backup { get; }

    /// <summary>What the back end is to look for: the id where it is known.</summary>
    internal string Key { get; }

    /// <summary>The back end that has it, where an object has told; null for the session's.</summary>
    internal string? Backend { get; }

    /// <summary>The cluster whose backups are all meant, where a cluster was given for a backup.</summary>
    internal ClusterReference? Of { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
