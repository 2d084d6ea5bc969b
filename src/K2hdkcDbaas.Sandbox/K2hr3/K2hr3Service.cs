using System.Text;
using System.Text.RegularExpressions;
using K2hdkcDbaas.Sandbox.K2hr3.Http;
using K2hdkcDbaas.Sandbox.K2hr3.Routes;
using K2hdkcDbaas.Sandbox.K2hr3.Store;
using K2hdkcDbaas.Sandbox.K2hr3.Users;
using K2hdkcDbaas.Templates;

namespace K2hdkcDbaas.Sandbox.K2hr3;

/// <summary>
/// K2HR3's REST API v1 with Keystone behind it. Behaves as k2hr3_api 1.0.42 or 2.0.3 does, the latter with its Keystone faults mended.
/// </summary>
internal sealed partial class K2hr3Service : ISandboxService, IDisposable
{
    private readonly RegisterPaths _paths = new();
    private (string Prefix, Func<K2hr3Request, K2hr3Reply> Answer)[] _routes = [];
    private UserTokenRoutes? _userTokens;
    private AcrRoutes? _acr;
    private VerifyUrl? _verifyUrl;
    private KeystoneUsers? _outside;
    private K2hr3Version _version;

    public string Name => "k2hr3";

    // K2HR3 is no OpenStack service; no catalogue knows it.
    public string? ServiceType => null;

    public string CatalogPath => "";

    [GeneratedRegex("(?<=/v1/userdata/|/v1/role/token/(?!list/)|/v1/extdata/[^/]+/)[^?/]{60,}|(?<=[?&]password=)[^&]*",
        RegexOptions.CultureInvariant)]
    private static partial Regex Secret { get; }

    public void Map(IEndpointRouteBuilder routes, SandboxState state)
    {
        _version = state.Options.K2hr3Version == "2.0.3" ? K2hr3Version.V2 : K2hr3Version.V1;
        var store = new K2hr3Store();
        var (resources, roles, policies, services) =
            (new ResourceStore(store, state.Clock, _version), new RoleStore(store), new PolicyStore(store), new ServiceStore());
        var tokens = new RoleTokenStore(store, roles, state.Clock);
        var gate = new K2hr3Gate(store, tokens, state.Clock);
        var roleRoutes = new RoleRoutes(gate, roles, new RoleTokenRoutes(gate, roles, tokens, _paths));
        _outside = state.Options.K2hr3Keystone is { } url ? new KeystoneUsers(url) : null;
        var users = _outside ?? (IUserSource)new SandboxUsers(state);
        var localTenants = new LocalTenantStore();
        var expansion = new ResourceExpansion(resources, roles, _version);
        var membership = new ServiceMembership(store, resources, policies, roles, state.Clock, _version);
        _userTokens = new UserTokenRoutes(state, store, gate, users, localTenants);
        _verifyUrl = new VerifyUrl(_version);
        _acr = new AcrRoutes(state, new AcrStores(store, services, roles, localTenants, membership), gate, users, _verifyUrl, expansion);
        _routes =
        [
            ("/v1/resource", new ResourceRoutes(gate, resources, roles, policies, expansion).Answer),
            ("/v1/policy", new PolicyRoutes(gate, policies).Answer),
            ("/v1/role", roleRoutes.Answer),
            ("/v1/service", new ServiceRoutes(gate, store, services, membership).Answer),
            ("/v1/tenant", new TenantRoutes(gate, store, localTenants).Answer),
            ("/v1/list", new ListRoutes(gate, store, services).Answer),
            ("/v1/userdata", new UserDataRoutes(state, _paths).Answer),
            ("/v1/extdata", new ExternalDataRoutes(state, _paths).Answer),
        ];
        routes.Map("/{**path}", context => AnswerAsync(context, state));
    }

    public Task WriteFaultAsync(HttpContext context, ApiFault fault)
        => WriteAsync(context,
            Refused(context, new K2hr3Refusal(fault.Status, fault.Message.Length > 0 ? fault.Message : "Internal server error")));

    public void Prepare(HttpContext context) => context.Response.Headers["X-Powered-By"] = "Express";

    public string Redact(string pathAndQuery) => Secret.Replace(pathAndQuery, "***");

    public void Dispose()
    {
        _paths.Dispose();
        _verifyUrl?.Dispose();
        _outside?.Dispose();
    }

    private async Task AnswerAsync(HttpContext context, SandboxState state)
    {
        K2hr3Reply reply;
        try
        {
            var request = await K2hr3Request.ReadAsync(context, _version).ConfigureAwait(false);
            if (request.Method == "OPTIONS")
            {
                var (verbs, type) =
                    request.IsOld
                        ? ("POST,PUT,GET,HEAD,DELETE", "text/html; charset=utf-8")
                        : ("DELETE, GET, HEAD, POST, PUT", "text/plain");
                context.Response.Headers.Allow = verbs;
                reply = new K2hr3Reply(200, null) { Bytes = Encoding.ASCII.GetBytes(verbs), Headers = [("Content-Type", type)] };
            }
            else if (Leads(request, "/v1/user/tokens"))
            {
                reply = await _userTokens!.AnswerAsync(request, context.RequestAborted).ConfigureAwait(false);
            }
            else if (Leads(request, "/v1/acr"))
            {
                reply = await _acr!.AnswerAsync(request, context.RequestAborted).ConfigureAwait(false);
            }
            else
            {
                lock (state.Gate)
                {
                    reply = Dispatch(request);
                }
            }
        }
        catch (K2hr3Refusal refusal)
        {
            reply = Refused(context, refusal);
        }

        await WriteAsync(context, reply).ConfigureAwait(false);
    }

    private K2hr3Reply Dispatch(K2hr3Request request)
    {
        var path = request.Path;
        if (path is "/" or "/v1" or "/v1/" && request.Method is "GET" or "HEAD")
        {
            return path == "/" ? VersionRoutes.Root : VersionRoutes.V1;
        }

        foreach (var (prefix, answer) in _routes)
        {
            if (Leads(request, prefix))
            {
                return answer(request);
            }
        }

        throw new K2hr3Refusal(404, "Internal server error");
    }

    private static bool Leads(K2hr3Request request, string prefix)
        => request.Path.StartsWith(prefix, request.IsOld ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal)
            && (request.Path.Length == prefix.Length || request.Path[prefix.Length] == '/');

    private static K2hr3Reply Refused(HttpContext context, K2hr3Refusal refusal)
    {
        // Most refusals of DELETE have no body; those of policies, of /v1/acr and of the framework have.
        var bare = refusal.Text is null
            || context.Request.Method == "HEAD"
            || (context.Request.Method == "DELETE"
                && refusal.Text != "Internal server error"
                && refusal.Status != 404
                && !context.Request.Path.StartsWithSegments("/v1/policy", StringComparison.Ordinal)
                && !context.Request.Path.StartsWithSegments("/v1/acr", StringComparison.Ordinal));
        var body = bare ? null : new TemplateMap { ["result"] = false, ["message"] = refusal.Text };
        if (body is not null && refusal.Extra is { } extra)
        {
            body[extra] = extra == "status" ? (double)refusal.Status : null;
        }

        if (context.Request.Headers.TryGetValue("x-k2hr3-debug", out var debug)
            && debug.ToString().ToLowerInvariant() is "on" or "ok" or "debug" or "dbg" or "1")
        {
            context.Response.Headers["x-k2hr3-error"] =
                TemplateJson.WriteAscii(body ?? new TemplateMap { ["status"] = (double)refusal.Status });
        }

        return new K2hr3Reply(refusal.Status, body);
    }

    private static async Task WriteAsync(HttpContext context, K2hr3Reply reply)
    {
        context.Response.StatusCode = reply.Status;
        if (reply.Status == StatusCodes.Status204NoContent)
        {
            return;
        }

        context.Response.ContentType = "application/json; charset=utf-8";
        foreach (var (name, value) in reply.Headers)
        {
            context.Response.Headers[name] = value;
        }

        var bytes = reply.Bytes ?? (reply.Json is null ? default : Encoding.UTF8.GetBytes(TemplateJson.Write(reply.Json)));
        context.Response.ContentLength = bytes.Length;
        if (context.Request.Method != "HEAD" && bytes.Length > 0)
        {
            await context.Response.Body.WriteAsync(bytes, context.RequestAborted).ConfigureAwait(false);
        }
    }
}
