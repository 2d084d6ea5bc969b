using System.Net;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Http;

namespace K2hdkcDbaas.OpenStack.Wire;

// Where the services use one status for several things, their words decide; the texts are those of the Zed services.

internal sealed class KeystoneErrors() : ErrorMap("keystone");

internal sealed class NovaErrors() : ErrorMap("nova")
{
    // Quota is 403 in Nova; 413 overLimit was its old rate limit.
    public override (ErrorKind Kind, string ErrorId, string NextStep) Classify(HttpStatusCode status, string? message) =>
        status is HttpStatusCode.Forbidden or HttpStatusCode.RequestEntityTooLarge && OpenStackQuota.IsMeant(message)
            ? OpenStackQuota.Exceeded
            : base.Classify(status, message);
}

internal sealed class GlanceErrors() : ErrorMap("glance")
{
    public override (ErrorKind Kind, string ErrorId, string NextStep) Classify(HttpStatusCode status, string? message) =>
        status is HttpStatusCode.RequestEntityTooLarge or HttpStatusCode.Forbidden && OpenStackQuota.IsMeant(message)
            ? OpenStackQuota.Exceeded
            : base.Classify(status, message);
}

internal sealed class NeutronErrors() : ErrorMap("neutron")
{
    public override (ErrorKind Kind, string ErrorId, string NextStep) Classify(HttpStatusCode status, string? message) =>
        status == HttpStatusCode.Conflict && OpenStackQuota.IsMeant(message) ? OpenStackQuota.Exceeded : base.Classify(status, message);
}

internal sealed class TroveErrors() : ErrorMap("trove")
{
    public override (ErrorKind Kind, string ErrorId, string NextStep) Classify(HttpStatusCode status, string? message)
    {
        var words = message ?? "";
        return status switch
        {
            // Its own limit of requests is 413, and waited for like a 429.
            HttpStatusCode.RequestEntityTooLarge when words.Contains("rate-limited", StringComparison.Ordinal) =>
                base.Classify(HttpStatusCode.TooManyRequests, message),
            // A volume larger than the cloud allows is 413 as well, and no quota.
            HttpStatusCode.RequestEntityTooLarge => OpenStackQuota.IsMeant(message)
                ? OpenStackQuota.Exceeded
                : (ErrorKind.InvalidInput, ServiceErrorIds.InvalidRequest, "Choose a value within the limit that the service names."),
            // Its administrators' calls answer others with 401 though the token is good.
            HttpStatusCode.Unauthorized when words.Contains("admin privileges", StringComparison.OrdinalIgnoreCase) =>
                (ErrorKind.Forbidden, ServiceErrorIds.Forbidden, "Only an administrator of the cloud may do this; ask one."),
            // So is what the object store, where backups and logs go, refuses to the user.
            HttpStatusCode.Unauthorized when words.Contains("Swift account", StringComparison.Ordinal) =>
                (ErrorKind.Forbidden, ServiceErrorIds.Forbidden,
                    "Have the cloud's administrator give the user a role that may use the object store."),
            HttpStatusCode.Forbidden when words.Contains("Backup is too large", StringComparison.Ordinal) =>
                (ErrorKind.InvalidInput, ServiceErrorIds.InvalidRequest, "Give a -VolumeSize of the backup's size at least."),
            HttpStatusCode.BadRequest
                when words.StartsWith("Action ", StringComparison.Ordinal) && words.EndsWith("not supported", StringComparison.Ordinal) =>
                (ErrorKind.NotSupported, ServiceErrorIds.NotSupported,
                    "This cloud's Trove cannot do it with a cluster; do it node by node where that will do."),
            HttpStatusCode.UnprocessableEntity or HttpStatusCode.BadRequest when IsBusy(words) =>
                (ErrorKind.Conflict, ServiceErrorIds.Conflict,
                    "Wait until the present task is over (or restart an instance that asks for it), and try again."),
            HttpStatusCode.NotImplemented =>
                (ErrorKind.NotSupported, ServiceErrorIds.NotSupported,
                    "This datastore cannot do it; choose the k2hdkc datastore, or run nodes one by one."),
            _ => base.Classify(status, message),
        };
    }

    private static bool IsBusy(string words) =>
        words.Contains("current cluster task is", StringComparison.Ordinal)
        || words.Contains("instance status is currently", StringComparison.Ordinal)
        || words.Contains("is not ready", StringComparison.Ordinal)
        || words.Contains("is not currently available for an action", StringComparison.Ordinal)
        || words.Contains("cannot be deleted if it is associated", StringComparison.Ordinal);
}

internal static class OpenStackQuota
{
    public static readonly (ErrorKind Kind, string ErrorId, string NextStep) Exceeded =
        (ErrorKind.QuotaExceeded, ServiceErrorIds.QuotaExceeded,
            "Remove what is not needed any more, ask for less, or have the project's quota raised.");

    public static bool IsMeant(string? message) => message is not null && message.Contains("quota", StringComparison.OrdinalIgnoreCase);
}
