namespace K2hdkcDbaas.Core.Model;

/// <summary>A Nova flavor: the size of a server.</summary>
/// <param name="Id">Nova's id.</param>
/// <param name="Name">Its name, unique in a cloud.</param>
public sealed record Flavor(string Id, string Name)
{
    /// <summary>Virtual processors.</summary>
    public int VCpus { get; init; }

    /// <summary>Memory in MiB.</summary>
    public int Ram { get; init; }

    /// <summary>Root disk in GiB.</summary>
    public int Disk { get; init; }

    /// <summary>Whether every project may use it.</summary>
    public bool IsPublic { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
