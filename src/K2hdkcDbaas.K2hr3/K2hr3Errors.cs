using System.Net;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Http;

namespace K2hdkcDbaas.K2hr3;

/// <summary>K2HR3's refusals: <c>{"result":false,"message":"..."}</c>; HEAD and DELETE have no body.</summary>
internal sealed class K2hr3Errors() : ErrorMap(Name)
{
    public const string Name = "k2hr3";

    public static readonly K2hr3Errors Instance = new();

    public override (ErrorKind Kind, string ErrorId, string NextStep) Classify(HttpStatusCode status, string? message) => status switch
    {
        HttpStatusCode.Unauthorized when message?.Contains("is not scoped", StringComparison.Ordinal) == true =>
            (ErrorKind.Unauthenticated, ServiceErrorIds.Unauthorized, "Connect with -Tenant: the login is for no tenant."),
        HttpStatusCode.Unauthorized =>
            (ErrorKind.Unauthenticated, ServiceErrorIds.Unauthorized, "The K2HR3 token has ended; connect again."),
        HttpStatusCode.Forbidden =>
            (ErrorKind.Forbidden, ServiceErrorIds.Forbidden, "Use a user of the tenant that owns it."),
        HttpStatusCode.NotFound =>
            (ErrorKind.NotFound, ServiceErrorIds.NotFound,
                "Check the name, and that the address is that of a K2HR3 REST API and the session's tenant is the right one."),
        _ => base.Classify(status, message),
    };
}
