namespace K2hdkcDbaas.OpenStack.Nova;

/// <summary>Why a server is in ERROR.</summary>
/// <param name="Message">Nova's words.</param>
public sealed record ServerFault(string Message)
{
    /// <summary>An HTTP-like code.</summary>
    public int? Code { get; init; }

    /// <summary>When it happened.</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>More, mostly for administrators.</summary>
    public string? Details { get; init; }
}
