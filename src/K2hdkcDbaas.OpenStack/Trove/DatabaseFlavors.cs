using Refit;

namespace K2hdkcDbaas.OpenStack.Trove;

/// <summary>A size of instances.</summary>
/// <param name="Name">Its name.</param>
/// <param name="StrId">Its id, as text; Trove's <c>id</c> is a number or null.</param>
public sealed record DatabaseFlavor(string Name, string StrId)
{
    /// <summary>Virtual processors.</summary>
    public int? Vcpus { get; init; }

    /// <summary>Memory, MiB.</summary>
    public int Ram { get; init; }

    /// <summary>Disk, GiB.</summary>
    public int? Disk { get; init; }
}

/// <summary>Trove's flavors (Database API reference, "Flavors").</summary>
internal interface IDatabaseFlavors
{
    /// <summary>The flavors that instances may have.</summary>
    /// <param name="cancellationToken">Ends the request.</param>
    [Get("/flavors")]
    Task<IReadOnlyList<DatabaseFlavor>> ListAsync(CancellationToken cancellationToken);
}
