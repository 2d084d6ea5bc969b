namespace K2hdkcDbaas.Errors;

/// <summary>What kind of thing went wrong; decides the error category, and whether a retry or another input can help.</summary>
public enum ErrorKind
{
    /// <summary>The caller's input cannot be right, whatever the state of the services.</summary>
    InvalidInput,

    /// <summary>A named thing does not exist, or is not visible to this account.</summary>
    NotFound,

    /// <summary>A thing to be made exists already; nothing was changed.</summary>
    AlreadyExists,

    /// <summary>The thing is in a state that does not allow the action now (busy, in use, wrong status).</summary>
    Conflict,

    /// <summary>Who calls is unknown: wrong or expired credentials.</summary>
    Unauthenticated,

    /// <summary>Who calls is known and may not do this.</summary>
    Forbidden,

    /// <summary>The project's quota does not allow more.</summary>
    QuotaExceeded,

    /// <summary>The service asks for fewer requests.</summary>
    Throttled,

    /// <summary>No answer, or no wanted state, within the time allowed.</summary>
    Timeout,

    /// <summary>The service could not be reached, or the connection was cut.</summary>
    Unreachable,

    /// <summary>The service answered something that its protocol does not allow.</summary>
    InvalidResponse,

    /// <summary>The service failed by its own account (HTTP 5xx, a node's internal error).</summary>
    ServiceFailure,

    /// <summary>The chosen back end or service version cannot do this at all.</summary>
    NotSupported,

    /// <summary>Several steps or items, of which some failed; the inner exceptions say which.</summary>
    Partial,
}
