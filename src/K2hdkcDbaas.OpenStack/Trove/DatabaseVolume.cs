namespace K2hdkcDbaas.OpenStack.Trove;

/// <summary>A disk of an instance.</summary>
public sealed record DatabaseVolume
{
    /// <summary>GiB.</summary>
    public double Size { get; init; }

    /// <summary>GiB in use; null when Trove does not know.</summary>
    public double? Used { get; init; }
}
