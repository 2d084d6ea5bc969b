namespace K2hdkcDbaas.Client.Model;

/// <summary>How a counter is used.</summary>
public sealed record CounterOptions
{
    /// <summary>After what time a written counter is gone, to the second; null for never.</summary>
    public TimeSpan? ExpiresIn { get; init; }

    /// <summary>The pass phrase that the counter is encrypted with; null for none.</summary>
    public string? PassPhrase { get; init; }
}
