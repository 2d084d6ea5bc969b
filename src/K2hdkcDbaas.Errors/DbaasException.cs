namespace K2hdkcDbaas.Errors;

/// <summary>
/// The one root of all errors that this product raises on purpose. It says what went wrong, with what, and what to do next,
/// and never carries a secret.
/// </summary>
public class DbaasException : Exception
{
    /// <summary>Makes an error.</summary>
    /// <param name="kind">What kind of thing went wrong.</param>
    /// <param name="errorId">A stable, PascalCase name of this very error, such as <c>ClusterExists</c>; part of the public
    /// contract.</param>
    /// <param name="message">One or two sentences that name the input and the cause. No secrets.</param>
    /// <param name="nextStep">What the reader can do about it, as a sentence; or null when nothing is known to help.</param>
    /// <param name="innerException">What caused it, if anything.</param>
    public DbaasException(ErrorKind kind, string errorId, string message, string? nextStep = null, Exception? innerException = null)
        : base(message, innerException)
    {
        Kind = kind;
        ErrorId = errorId;
        NextStep = nextStep;
    }

    /// <summary>What kind of thing went wrong.</summary>
    public ErrorKind Kind { get; }

    /// <summary>The stable name of this error.</summary>
    public string ErrorId { get; }

    /// <summary>What the reader can do about it; null when nothing is known to help.</summary>
    public string? NextStep { get; }

    /// <summary>The service that failed (<c>nova</c>, <c>k2hr3</c>, a node's <c>host:port</c>); null when it was none.</summary>
    public string? Service { get; init; }

    /// <summary>The service's own id of the failed request, for its administrators; null when it gave none.</summary>
    public string? RequestId { get; init; }

    /// <summary>The thing the error is about: a name, an id, or an object of this product.</summary>
    public object? Target { get; init; }

    /// <summary>Whether the same call may succeed later without any change by the caller.</summary>
    public virtual bool IsTransient =>
        Kind is ErrorKind.Timeout or ErrorKind.Unreachable or ErrorKind.Throttled or ErrorKind.ServiceFailure;
}
