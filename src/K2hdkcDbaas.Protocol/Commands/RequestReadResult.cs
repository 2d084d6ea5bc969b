namespace K2hdkcDbaas.Protocol.Commands;

/// <summary>How reading a request went.</summary>
public enum RequestReadResult
{
    /// <summary>The request is there.</summary>
    Ok,

    /// <summary>No head, or one whose length is wrong: it can only be dropped.</summary>
    NoHead,

    /// <summary>It is a reply.</summary>
    NotARequest,

    /// <summary>No such command; real servers stay silent.</summary>
    UnknownCommand,

    /// <summary>An offset, a length or the fixed part is wrong; real servers answer <see cref="ResultDetail.Invalid"/>.</summary>
    Malformed,
}
