using System.Net;
using K2hdkcDbaas.Faults;
using K2hdkcDbaas.Http;

namespace K2hdkcDbaas.OpenStack;

// Where the services use one status for several things, their words decide; the texts are those of the Zed services.

internal sealed class KeystoneErrors() : ErrorMap("keystone");

internal sealed class NovaErrors() : ErrorMap("nova")
{
    // Quota is 403 in Nova; 413 overLimit was its old rate limit.
    public override (FaultKind Kind, string ErrorId, string NextStep) Classify(HttpStatusCode status, string? message) =>
        status is HttpStatusCode.Forbidden or HttpStatusCode.RequestEntityTooLarge && OpenStackQuota.IsMeant(message)
            ? OpenStackQuota.Exceeded
            : base.Classify(status, message);
}

internal sealed class GlanceErrors() : ErrorMap("glance")
{
    public override (FaultKind Kind, string ErrorId, string NextStep) Classify(HttpStatusCode status, string? message) =>
        status is HttpStatusCode.RequestEntityTooLarge or HttpStatusCode.Forbidden && OpenStackQuota.IsMeant(message)
            ? OpenStackQuota.Exceeded
            : base.Classify(status, message);
}

internal sealed class NeutronErrors() : ErrorMap("neutron")
{
    public override (FaultKind Kind, string ErrorId, string NextStep) Classify(HttpStatusCode status, string? message) =>
        status == HttpStatusCode.Conflict && OpenStackQuota.IsMeant(message) ? OpenStackQuota.Exceeded : base.Classify(status, message);
}

internal sealed class TroveErrors() : ErrorMap("trove")
{
    public override (FaultKind Kind, string ErrorId, string NextStep) Classify(HttpStatusCode status, string? message)
    {
        var words = message ?? "";
        return status switch
        {
            // A volume larger than the cloud allows is 413 as well, and no quota.
            HttpStatusCode.RequestEntityTooLarge => OpenStackQuota.IsMeant(message)
                ? OpenStackQuota.Exceeded
                : (FaultKind.InvalidInput, ServiceErrorIds.InvalidRequest, "Choose a value within the limit that the service names."),
            // Its administrators' calls answer others with 401 though the token is good.
            HttpStatusCode.Unauthorized when words.Contains("admin privileges", StringComparison.OrdinalIgnoreCase) =>
                (FaultKind.Forbidden, ServiceErrorIds.Forbidden, "Only an administrator of the cloud may do this; ask one."),
            HttpStatusCode.UnprocessableEntity or HttpStatusCode.BadRequest when IsBusy(words) =>
                (FaultKind.Conflict, ServiceErrorIds.Conflict, "Wait until the present task is over (or restart an instance that asks for it), and try again."),
            HttpStatusCode.NotImplemented => (FaultKind.NotSupported, ServiceErrorIds.NotSupported, "This datastore cannot do it; choose the k2hdkc datastore, or run nodes one by one."),
            _ => base.Classify(status, message),
        };
    }

    private static bool IsBusy(string words) =>
        words.Contains("current cluster task is", StringComparison.Ordinal)
        || words.Contains("instance status is currently", StringComparison.Ordinal)
        || words.Contains("is not ready", StringComparison.Ordinal)
        || words.Contains("cannot be deleted if it is associated", StringComparison.Ordinal);
}

internal static class OpenStackQuota
{
    public static readonly (FaultKind Kind, string ErrorId, string NextStep) Exceeded =
        (FaultKind.QuotaExceeded, ServiceErrorIds.QuotaExceeded, "Remove what is not needed any more, ask for less, or have the project's quota raised.");

    public static bool IsMeant(string? message) => message is not null && message.Contains("quota", StringComparison.OrdinalIgnoreCase);
}
