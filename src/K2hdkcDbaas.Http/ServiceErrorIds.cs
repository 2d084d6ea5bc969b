namespace K2hdkcDbaas.Http;

/// <summary>The stable names of the errors that any service request can end with; part of the public contract.</summary>
public static class ServiceErrorIds
{
    /// <summary>HTTP 400 or 422: the service does not take the request as it is.</summary>
    public const string InvalidRequest = "InvalidRequest";

    /// <summary>HTTP 401: the credentials or the token are not accepted.</summary>
    public const string Unauthorized = "Unauthorized";

    /// <summary>The token given has characters that no header may have; nothing was sent.</summary>
    public const string TokenUnusable = "TokenUnusable";

    /// <summary>HTTP 403: the account may not do this.</summary>
    public const string Forbidden = "Forbidden";

    /// <summary>HTTP 404: the thing does not exist or is not visible to this account.</summary>
    public const string NotFound = "NotFound";

    /// <summary>HTTP 409: the thing exists already, or its state does not allow this now.</summary>
    public const string Conflict = "Conflict";

    /// <summary>The project's quota is used up (Nova 403, Neutron 409, Trove 413).</summary>
    public const string QuotaExceeded = "QuotaExceeded";

    /// <summary>HTTP 413 of a service for which it does not mean a quota: the request is too large.</summary>
    public const string RequestTooLarge = "RequestTooLarge";

    /// <summary>HTTP 429: too many requests.</summary>
    public const string TooManyRequests = "TooManyRequests";

    /// <summary>HTTP 503: the service cannot answer now.</summary>
    public const string ServiceUnavailable = "ServiceUnavailable";

    /// <summary>Any other HTTP 5xx: the service failed by its own account.</summary>
    public const string ServiceFailed = "ServiceFailed";

    /// <summary>HTTP 406 or 501: the service's version cannot do this.</summary>
    public const string NotSupported = "NotSupportedByService";

    /// <summary>The answer is not what the service's protocol allows: status, content type, size, JSON or members.</summary>
    public const string InvalidResponse = "InvalidResponse";

    /// <summary>No connection could be made.</summary>
    public const string ConnectionFailed = "ConnectionFailed";

    /// <summary>The connection was cut before the answer was whole.</summary>
    public const string ConnectionLost = "ConnectionLost";

    /// <summary>The service's certificate is not trusted, or no TLS could be agreed on.</summary>
    public const string TlsFailed = "TlsFailed";

    /// <summary>No whole answer within the time allowed.</summary>
    public const string RequestTimeout = "RequestTimeout";
}
