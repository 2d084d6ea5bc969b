using K2hdkcDbaas.Errors;

namespace K2hdkcDbaas.Protocol;

/// <summary>Bytes that the CHMPX or K2HDKC protocol does not allow. The connection they came on cannot be used any further.</summary>
public sealed class ProtocolException : DbaasException
{
    /// <summary>The error's stable name.</summary>
    public const string Id = "MalformedWireData";

    /// <summary>Makes the error.</summary>
    /// <param name="message">What is wrong with the bytes, with the offending numbers.</param>
    /// <param name="innerException">What caused it, if anything.</param>
    public ProtocolException(string message, Exception? innerException = null)
        : base(
            ErrorKind.InvalidResponse, Id, message,
            "Check that the port is a chmpx server's PORT (not its control port) and that both sides agree on TLS.", innerException)
    {
    }
}
