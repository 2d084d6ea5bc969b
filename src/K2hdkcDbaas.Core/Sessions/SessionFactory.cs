using K2hdkcDbaas.Core.Backends;
using K2hdkcDbaas.Core.Flows;
using K2hdkcDbaas.Core.Registry;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Http;
using K2hdkcDbaas.K2hr3;
using K2hdkcDbaas.OpenStack;
using K2hdkcDbaas.OpenStack.Keystone;

namespace K2hdkcDbaas.Core.Sessions;

/// <summary>Makes sessions with real services.</summary>
public sealed class SessionFactory
{
    private readonly SessionEnvironment _environment;
    private readonly TimeProvider _time;
    private readonly IRingControl? _rings;
    private readonly Func<HttpMessageHandler>? _transport;
    private readonly IReadOnlyList<IClusterBackendProvider> _providers;

    /// <summary>Makes the factory for this process: its variables, its user's files, its clock.</summary>
    public SessionFactory()
        : this(SessionEnvironment.Current, TimeProvider.System, null, null)
    {
    }

    /// <param name="environment">Where settings are looked for.</param>
    /// <param name="time">The clock.</param>
    /// <param name="rings">Steers rings; null for the real one.</param>
    /// <param name="transport">What carries the requests; null for sockets.</param>
    /// <param name="providers">The engines that sessions know; null for the registered ones.</param>
    internal SessionFactory(
        SessionEnvironment environment, TimeProvider time, IRingControl? rings, Func<HttpMessageHandler>? transport,
        IReadOnlyList<IClusterBackendProvider>? providers = null)
    {
        _providers = providers ?? BackendProviders.All;
        _environment = environment;
        _time = time;
        _rings = rings;
        _transport = transport;
    }

    /// <summary>
    /// Connects: signs in to Keystone once or, for a session with K2HR3 alone, to K2HR3. Otherwise K2HR3 is first asked when something
    /// needs it.
    /// </summary>
    /// <param name="options">Who connects, and to what.</param>
    /// <param name="observer">Watches this and every later request of the session that no flow watches.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <exception cref="DbaasException">Settings are missing or wrong, or a service refuses them.</exception>
    public async Task<IDbaasSession> ConnectAsync(SessionOptions options, IFlowObserver observer, CancellationToken cancellationToken)
    {
        var environment = options.CurrentFolder is { } folder
            ? _environment with { Cloud = _environment.Cloud with { CurrentFolder = folder } } : _environment;
        var plan = SessionPlan.Make(options, environment, _providers, observer.Verbose);
        foreach (var warning in plan.Cloud?.Warnings ?? []) observer.Warning(warning);
        var trace = new HttpTrace(observer);
        var redactor = new Redactor();
        OpenStackConnection? cloud = null;
        K2hr3Access? access = null;
        try
        {
            KeystoneToken? token = null;
            if (plan.Cloud is { } settings)
            {
                cloud = new OpenStackConnection(settings, trace, _time, _transport?.Invoke(), redactor);
                token = await cloud.AuthenticateAsync(cancellationToken).ConfigureAwait(false);
                if (token.ProjectId is null)
                    throw new DbaasException(ErrorKind.InvalidInput, "ProjectRequired",
                        $"The login of '{token.UserName}' is for no project.",
                        "Give a project (-Project, project_name in clouds.yaml, OS_PROJECT_NAME).");
            }
            access = new K2hr3Access(() => Connect(plan, cloud, token, trace, redactor), plan.Tenant ?? token?.ProjectName);
            if (token is { IsFromApplicationCredential: true } && plan.K2hr3Credential is null
                && (plan.K2hr3Uri is not null || plan.Backend.NeedsRegistry))
                observer.Warning(
                    "K2HR3 takes no token of an application credential: what needs K2HR3, clusters among it, will fail in this session. "
                        + "Connect with -K2hr3Credential, too.");
            // With a cloud K2HR3 is asked when it is first needed; alone it is all there is.
            if (cloud is null && plan.Backend.NeedsCloud)
                await (await access.ClientAsync(cancellationToken).ConfigureAwait(false))
                    .AuthenticateAsync(cancellationToken).ConfigureAwait(false);
            var context = new BackendContext
            {
                SessionName = plan.Name,
                Settings = new Dictionary<string, object?>(options.Settings, StringComparer.OrdinalIgnoreCase),
                Variable = _environment.Cloud.Variable,
                HomeFolder = _environment.Cloud.HomeFolder,
                Time = _time,
                Cloud = cloud,
                Registry = new ClusterRegistry(access, _time),
                K2hr3 = access,
                K2hr3Uri = plan.K2hr3Uri,
                Rings = _rings ?? new RingControl(_time, access),
                Http = plan.K2hr3Http,
                Trace = trace,
                Redactor = redactor,
            };
            return new DbaasSession(plan, cloud, access, token, new BackendSet(_providers, plan.Backend, context));
        }
        catch
        {
            access?.Dispose();
            cloud?.Dispose();
            throw;
        }
    }

    private K2hr3Client Connect(SessionPlan plan, OpenStackConnection? cloud, KeystoneToken? token, HttpTrace trace, Redactor redactor)
    {
        var uri = plan.K2hr3Uri
            ?? throw new DbaasException(ErrorKind.InvalidInput, ErrorIds.K2hr3NotConfigured,
                $"Session '{plan.Name}' knows no K2HR3 address, and this needs K2HR3.",
            "Connect with -K2hr3Uri, set K2HDKC_K2HR3_URI, or put K2HR3CLI_API_URI into ~/.antpickax/k2hr3.config.");
        var tenant = plan.Tenant ?? token?.ProjectName;
        if (cloud is null && plan.K2hr3Credential is null)
            throw new DbaasException(ErrorKind.InvalidInput, ErrorIds.K2hr3CredentialMissing,
                $"Session '{plan.Name}' has nothing to sign in to K2HR3 with, and this needs K2HR3.",
                "Connect with -K2hr3Token or -K2hr3Credential.");
        var credential = plan.K2hr3Credential is { } own ? own with { Tenant = tenant } : new ForeignTokenCredential(async ct =>
        {
            var now = await cloud!.AuthenticateAsync(ct).ConfigureAwait(false);
            return new ForeignToken(now.Value, now.ExpiresAt, now.IsFromApplicationCredential);
        })
        { Tenant = tenant };
        return new K2hr3Client(uri, credential, plan.K2hr3Http, trace, _time, _transport?.Invoke(), redactor);
    }
}
