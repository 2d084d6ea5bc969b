using System.Management.Automation;
using System.Net;
using System.Security;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Completers;
using K2hdkcDbaas.Core.Backends;
using K2hdkcDbaas.Core.Sessions;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Parts;
using K2hdkcDbaas.Sessions;

namespace K2hdkcDbaas.Commands;

/// <summary>Opens a session with one project of a cloud and its K2HR3; the commands that follow use it.</summary>
[Cmdlet(VerbsCommunications.Connect, "K2hdkcDbaas", DefaultParameterSetName = "Cloud")]
[OutputType(typeof(K2hdkcSession))]
public sealed class ConnectK2hdkcDbaasCommand : DbaasCmdlet, IDynamicParameters
{
    private readonly EngineParameters _engine = new(ParameterUses.Connect);

    /// <summary>The cloud in clouds.yaml; OS_CLOUD when not given.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(CloudFileCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Cloud { get; set; }

    /// <summary>The clouds.yaml to read instead of the search path's (the working folder, ~/.config/openstack, /etc/openstack).</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("CloudsPath")]
    [ValidateNotNullOrEmpty]
    public string? CloudsFile { get; set; }

    /// <summary>Keystone's v3 URL; OS_AUTH_URL when neither this nor a cloud is given.</summary>
    [Parameter]
    public Uri? AuthUrl { get; set; }

    /// <summary>The user's name and password.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Password")]
    [Credential]
    public PSCredential? Credential { get; set; }

    /// <summary>An application credential: its id (or name) and secret.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "ApplicationCredential")]
    [Credential]
    public PSCredential? ApplicationCredential { get; set; }

    /// <summary>Whose application credential it is; needed when it is given by name.</summary>
    [Parameter(ParameterSetName = "ApplicationCredential")]
    [ValidateNotNullOrEmpty]
    public string? UserName { get; set; }

    /// <summary>A ready Keystone token. It cannot be renewed: the session ends with it.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Token")]
    public SecureString? Token { get; set; }

    /// <summary>The user's domain, by name or id.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? UserDomain { get; set; }

    /// <summary>The project, by name or id.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Project { get; set; }

    /// <summary>The project's domain, by name or id.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? ProjectDomain { get; set; }

    /// <summary>
    /// The region; when not given the cloud's own, or the catalogue's only one. One that the catalogue does not have is refused.
    /// </summary>
    [Parameter]
    [ArgumentCompleter(typeof(CloudFileCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Region { get; set; }

    /// <summary>Which endpoints of the catalog to use.</summary>
    [Parameter]
    [ValidateSet("public", "internal", "admin")]
    public string? Interface { get; set; }

    /// <summary>A PEM file of certificate authorities to trust, instead of the system's.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? CaFile { get; set; }

    /// <summary>Trusts any certificate. Only for trying: whoever sits between can read everything.</summary>
    [Parameter]
    public SwitchParameter SkipCertificateCheck { get; set; }

    /// <summary>
    /// K2HR3's REST API, such as https://k2hr3.example. When not given: K2HDKC_K2HR3_URI, then <c>k2hdkc: {k2hr3_uri: …}</c> of the cloud
    /// in clouds.yaml, then K2HR3CLI_API_URI or the K2HR3 CLI's own file.
    /// </summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public Uri? K2hr3Uri { get; set; }

    /// <summary>
    /// A PEM file of certificate authorities to trust with K2HR3, where they are not those of the cloud; K2HDKC_K2HR3_CACERT when not
    /// given.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? K2hr3CaFile { get; set; }

    /// <summary>K2HR3's own user and password, where the cloud's token does not do: with an application credential.</summary>
    [Parameter]
    [Credential]
    public PSCredential? K2hr3Credential { get; set; }

    /// <summary>A ready K2HR3 user token, scoped or not.</summary>
    [Parameter]
    public SecureString? K2hr3Token { get; set; }

    /// <summary>The K2HR3 tenant; the project's name when not given.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Tenant { get; set; }

    /// <summary>The K2HR3 CLI's configuration file to read instead of those it looks for.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? K2hr3ConfigFile { get; set; }

    /// <summary>The engine that runs clusters where a command does not say, such as Nova or Trove.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(BackendNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Backend { get; set; }

    /// <summary>
    /// The session's name, for <c>-Session</c>; a session of the same name is replaced. When not given, the cloud's name, with the
    /// project's where a session with another project has that.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    /// <summary>How long one request may take: seconds, text such as 90s, 5m or 1h, or a TimeSpan; 60 seconds when not given.</summary>
    [Parameter]
    [Duration(AtMost = 3600)]
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <inheritdoc/>
    public object GetDynamicParameters() => _engine.Define(BackendProviders.All);

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var options = Options();
        var target = options.Cloud ?? options.AuthUrl ?? Environment.GetEnvironmentVariable("OS_CLOUD");
        IDbaasSession? inner = null;
        // Without a session nothing that follows can work: a failure here ends the command.
        DbaasException? fault = null;
        Run(target, async (_, token) =>
        {
            try
            {
                inner = await new SessionFactory().ConnectAsync(options, AmbientObserver.Instance, token).ConfigureAwait(false);
            }
            catch (DbaasException refused)
            {
                fault = refused;
            }
        });
        if (fault is not null) ThrowTerminatingError(ErrorRecords.From(fault, target));
        if (inner is null) return;
        var table = SessionTable.Here;
        var plain = inner.Name;
        inner.Name = Name ?? table.NameFor(inner);
        if (Name is null && inner.Name != plain)
            WriteWarning($"Session '{plain}' stays open for another project, user or region. This one is '{inner.Name}', and is the one "
                + $"that commands use now; Select-K2hdkcSession changes that.");
        var session = new K2hdkcSession(inner);
        if (table.Add(session) is { } former)
        {
            WriteVerbose($"The former session '{former.Name}' is closed.");
            var connections = ConnectionTable.Here;
            Run(former, async (_, _) =>
            {
                await connections.CloseOfAsync(former.Inner).ConfigureAwait(false);
                await former.Inner.DisposeAsync().ConfigureAwait(false);
            });
        }

        WriteObject(session);
    }

    private SessionOptions Options() => new()
    {
        // PowerShell's location, not the folder that the process started in.
        CurrentFolder = SessionState.Path.CurrentFileSystemLocation.ProviderPath,
        Name = Name,
        Cloud = Cloud,
        CloudsFile = FullPath(CloudsFile),
        AuthUrl = AuthUrl?.OriginalString,
        UserName = Credential?.UserName ?? UserName,
        Password = Credential?.GetNetworkCredential().Password,
        UserDomain = UserDomain,
        Project = Project,
        ProjectDomain = ProjectDomain,
        ApplicationCredential = ApplicationCredential?.UserName,
        ApplicationCredentialSecret = ApplicationCredential?.GetNetworkCredential().Password,
        Token = Plain(Token),
        Region = Region,
        Interface = Interface,
        CaFile = FullPath(CaFile),
        VerifyTls = SkipCertificateCheck ? false : null,
        Backend = Backend,
        Settings = BackendProviders.All.SelectMany(_engine.Of).DistinctBy(p => p.Parameter.Name)
            .ToDictionary(p => p.Parameter.Name, p => p.Value is string path && p.Parameter.IsPath ? FullPath(path) : (object?)p.Value),
        K2hr3Uri = K2hr3Uri?.OriginalString,
        K2hr3CaFile = FullPath(K2hr3CaFile),
        K2hr3UserName = K2hr3Credential?.UserName,
        K2hr3Password = K2hr3Credential?.GetNetworkCredential().Password,
        K2hr3Token = Plain(K2hr3Token),
        Tenant = Tenant,
        K2hr3ConfigFile = FullPath(K2hr3ConfigFile),
        RequestTimeout = RequestTimeout,
    };

    private static string? Plain(SecureString? secret) => secret is null ? null : new NetworkCredential(string.Empty, secret).Password;

    private string? FullPath(string? path) => path is null ? null : SessionState.Path.GetUnresolvedProviderPathFromPSPath(path);
}
