namespace K2hdkcDbaas.OpenStack.Trove;

/// <summary>Why an instance went wrong. Trove leaves old faults standing on instances that are well again.</summary>
public sealed record DatabaseFault
{
    /// <summary>Trove's words.</summary>
    public string? Message { get; init; }

    /// <summary>When it happened.</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>More, for administrators.</summary>
    public string? Details { get; init; }
}
