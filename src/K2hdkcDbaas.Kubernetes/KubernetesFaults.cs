using System.Net;
using System.Security.Authentication;
using System.Text.Json;
using K2hdkcDbaas.Errors;
using k8s.Autorest;
using k8s.Exceptions;

namespace K2hdkcDbaas.Kubernetes;

/// <summary>Turns what the client library raises into this product's errors.</summary>
internal static class KubernetesFaults
{
    private const string Service = "kubernetes";

    /// <summary>The error of a failed call.</summary>
    /// <param name="e">What was raised.</param>
    /// <param name="verb">What was asked for, as RBAC names it.</param>
    /// <param name="resource">The kind of object, as RBAC names it, with its group.</param>
    /// <param name="name">The object; null for all.</param>
    /// <param name="space">The namespace.</param>
    public static DbaasException Of(Exception e, string verb, string resource, string? name, string space) => e switch
    {
        DbaasException known => known,
        HttpOperationException refusal => OfStatus(refusal, verb, resource, name, space),
        KubeConfigException => Unusable(e.Message, e),
        TaskCanceledException or TimeoutException => new DbaasException(ErrorKind.Timeout, KubernetesErrorIds.KubernetesTimeout,
            $"The Kubernetes API server did not answer '{verb} {resource}' in time.",
            "Check the server's address in the kubeconfig, and its health.", e)
        { Service = Service },
        HttpRequestException { InnerException: AuthenticationException inner } =>
            new DbaasException(ErrorKind.Unreachable, KubernetesErrorIds.KubernetesUnreachable,
                $"The Kubernetes API server's certificate is not accepted: {inner.Message}",
                "Check the authority in the kubeconfig (certificate-authority-data).", e)
            { Service = Service },
        HttpRequestException or IOException => new DbaasException(ErrorKind.Unreachable, KubernetesErrorIds.KubernetesUnreachable,
            $"The Kubernetes API server cannot be reached: {e.Message}", "Check the server's address in the kubeconfig, and the network.",
            e)
        { Service = Service },
        _ => new DbaasException(ErrorKind.ServiceFailure, KubernetesErrorIds.KubernetesFailed, $"'{verb} {resource}' failed: {e.Message}",
            null, e)
        { Service = Service },
    };

    /// <summary>There is no usable kubeconfig.</summary>
    public static DbaasException Unusable(string why, Exception? cause = null) =>
        new(ErrorKind.InvalidInput, KubernetesErrorIds.KubeconfigUnusable,
            $"No way to a Kubernetes API server: {why.TrimEnd('.')}.", "Give -Kubeconfig and -Context, or set KUBECONFIG.", cause)
        { Service = Service };

    private static DbaasException OfStatus(HttpOperationException e, string verb, string resource, string? name, string space)
    {
        var told = Message(e.Response?.Content);
        var code = e.Response?.StatusCode ?? HttpStatusCode.InternalServerError;
        var what = $"{verb} {resource}{(name is null ? "" : $" '{name}'")} in namespace '{space}'";
        DbaasException Make(ErrorKind kind, string id, string message, string? next) =>
            new(kind, id, message, next, e) { Service = Service, Target = name };
        return code switch
        {
            HttpStatusCode.Unauthorized => Make(ErrorKind.Unauthenticated, KubernetesErrorIds.KubernetesUnauthenticated,
                "The Kubernetes API server does not know this account.",
                "Check the user of the kubeconfig's context: its token, certificate or plugin."),
            HttpStatusCode.Forbidden when told.Contains("exceeded quota", StringComparison.Ordinal) =>
                Make(ErrorKind.QuotaExceeded, KubernetesErrorIds.KubernetesQuotaExceeded,
                    $"May not {what}: {told}.", "Ask for more quota, or for less."),
            HttpStatusCode.Forbidden =>
                Make(ErrorKind.Forbidden, KubernetesErrorIds.KubernetesForbidden, $"This account may not {what}: {told}.",
                    $"Ask the cluster's administrator for a role: 'Get-K2hdkcKubernetesRole -Namespace {space}' prints one that does."),
            HttpStatusCode.NotFound =>
                Make(ErrorKind.NotFound, KubernetesErrorIds.KubernetesNotFound, $"Cannot {what}: {told}.",
                    "Check the namespace and the name."),
            HttpStatusCode.Conflict =>
                Make(ErrorKind.Conflict, KubernetesErrorIds.KubernetesConflict, $"Cannot {what}: {told}.", "Run the command again."),
            HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity or HttpStatusCode.UnsupportedMediaType =>
                Make(ErrorKind.InvalidInput,
                    KubernetesErrorIds.KubernetesRefused, $"Cannot {what}: {told}.", "Correct the value that the message names."),
            HttpStatusCode.TooManyRequests =>
                Make(ErrorKind.Throttled, KubernetesErrorIds.KubernetesThrottled, $"Cannot {what}: {told}.",
                    "Wait a little, and run the command again."),
            _ => Make(ErrorKind.ServiceFailure, KubernetesErrorIds.KubernetesFailed, $"Cannot {what}: {told} (HTTP {(int)code}).",
                "Look at the API server's health, and run the command again."),
        };
    }

    private static string Message(string? body)
    {
        if (string.IsNullOrWhiteSpace(body)) return "the server said nothing";
        try
        {
            using var json = JsonDocument.Parse(body);
            return json.RootElement.GetProperty("message").GetString()?.TrimEnd('.') ?? "the server said nothing";
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return body.Length <= 200 ? body.Trim() : body[..200].Trim();
        }
    }
}
