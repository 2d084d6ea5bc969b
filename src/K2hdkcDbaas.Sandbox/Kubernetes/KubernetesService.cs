using K2hdkcDbaas.Sandbox.Kubernetes.Api;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace K2hdkcDbaas.Sandbox.Kubernetes;

/// <summary>The Kubernetes API server of the sandbox, as kube-apiserver 1.32 answers for the objects it has.</summary>
internal sealed class KubernetesService(KubernetesCluster cluster) : ISandboxService
{
    private readonly ObjectRoutes _objects = new(cluster.Registry, cluster.Watches);
    private readonly ReviewRoutes _reviews = new(cluster.Registry, cluster.Authorization, cluster.Authentication);
    private readonly PodRoutes _pods = new(cluster);

    public string Name => "kubernetes";

    public string? ServiceType => null;

    public string CatalogPath => "";

    public KubernetesCluster Cluster => cluster;

    public void Listen(ListenOptions listener)
    {
        listener.Protocols = HttpProtocols.Http1AndHttp2;
        listener.UseHttps(new HttpsConnectionAdapterOptions
        {
            ServerCertificate = cluster.Authority.ForServer(),
            ClientCertificateMode = ClientCertificateMode.AllowCertificate,
            ClientCertificateValidation = (certificate, _, _) => cluster.Authority.Signed(certificate),
        });
    }

    public void Map(IEndpointRouteBuilder routes, SandboxState state) => routes.Map("{**path}", AnswerAsync);

    public void Prepare(HttpContext context)
    {
        context.Response.Headers["Audit-Id"] = Guid.NewGuid().ToString("D");
        context.Response.Headers.CacheControl = "no-cache, private";
    }

    public Task WriteFaultAsync(HttpContext context, ApiFault fault) =>
        context.WriteJsonAsync(fault.Status, KubeFault.Status(fault.Status, fault.Kind ?? fault.Status switch
        {
            400 => "BadRequest",
            401 => "Unauthorized",
            403 => "Forbidden",
            404 => "NotFound",
            405 => "MethodNotAllowed",
            409 => "Conflict",
            410 => "Expired",
            413 => "RequestEntityTooLarge",
            422 => "Invalid",
            429 => "TooManyRequests",
            503 => "ServiceUnavailable",
            504 => "Timeout",
            _ => "InternalError",
        }, fault.Message.Length > 0 ? fault.Message : fault.Status switch
        {
            404 => "the server could not find the requested resource",
            405 => "the server does not allow this method on the requested resource",
            409 => "Operation cannot be fulfilled: the object has been modified; please apply your changes to the latest version and try "
                + "again",
            410 => "too old resource version",
            429 => "Too many requests, please try again later.",
            _ => "Internal error occurred",
        }, []));

    private async Task AnswerAsync(HttpContext context)
    {
        try
        {
            var request = ApiRequest.Parse(context, cluster.Authentication.UserOf(context));
            cluster.Authorization.Check(request);
            if (!await AnswerAsync(request).ConfigureAwait(false)) throw NoSuchPath(request);
        }
        catch (KubeFault fault) when (!context.Response.HasStarted)
        {
            if (fault.Code == 429) context.Response.Headers.RetryAfter = "1";
            await context.WriteJsonAsync(fault.Code, fault.ToStatus()).ConfigureAwait(false);
        }
    }

    private async Task<bool> AnswerAsync(ApiRequest request)
    {
        var context = request.Context;
        if (!request.IsResource)
        {
            switch (context.Request.Path.Value)
            {
                case "/version":
                    await context.WriteJsonAsync(200, Discovery.VersionOf()).ConfigureAwait(false);
                    return true;
                case "/healthz" or "/livez" or "/readyz":
                    context.Response.ContentType = "text/plain; charset=utf-8";
                    await context.Response.WriteAsync("ok", context.RequestAborted).ConfigureAwait(false);
                    return true;
            }
            return await Discovery.AnswerAsync(request).ConfigureAwait(false) || await OpenApi.AnswerAsync(context).ConfigureAwait(false);
        }
        if (await _reviews.AnswerAsync(request).ConfigureAwait(false)) return true;
        if (request.Type is not { } type) return false;
        return await _pods.AnswerAsync(request).ConfigureAwait(false) || await _objects.AnswerAsync(request, type).ConfigureAwait(false);
    }

    private static KubeFault NoSuchPath(ApiRequest request) =>
        request.Type is not null && request.Method is not ("GET" or "HEAD" or "POST" or "PUT" or "PATCH" or "DELETE")
            ? new KubeFault(405, "MethodNotAllowed", "the server does not allow this method on the requested resource", [])
            : new KubeFault(404, "NotFound", "the server could not find the requested resource", []);
}
