namespace K2hdkcDbaas.Core.Model;

/// <summary>A Glance image that a node can boot from.</summary>
/// <param name="Id">Glance's id.</param>
/// <param name="Name">Its name; not unique.</param>
public sealed record Image(string Id, string Name)
{
    /// <summary>Glance's status; only <c>active</c> images boot.</summary>
    public string? Status { get; init; }

    /// <summary>Size in bytes; null while it has no data.</summary>
    public long? Size { get; init; }

    /// <summary>Smallest disk that it boots on, in GiB.</summary>
    public int MinDisk { get; init; }

    /// <summary>Least memory that it boots with, in MiB.</summary>
    public int MinRam { get; init; }

    /// <summary>Who sees it: <c>public</c>, <c>private</c>, <c>shared</c>, <c>community</c>.</summary>
    public string? Visibility { get; init; }

    /// <summary>When it was made, in UTC.</summary>
    public DateTimeOffset? Created { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
