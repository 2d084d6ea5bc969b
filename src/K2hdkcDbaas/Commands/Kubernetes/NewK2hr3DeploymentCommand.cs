using System.Management.Automation;
using System.Security;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Core.Backends;
using K2hdkcDbaas.Core.Model;

namespace K2hdkcDbaas.Commands;

/// <summary>
/// Makes a K2HR3 system in the session's namespace, so that clusters can be made in a Kubernetes that has none: a ring that keeps its data,
/// its REST API, and its web application, as <c>k2hr3 database-k8s k2hr3 create</c> makes them.
/// </summary>
[Cmdlet(VerbsCommon.New, "K2hr3Deployment", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(K2hr3Deployment))]
public sealed class NewK2hr3DeploymentCommand : FlowCmdlet
{
    /// <summary>The OpenID Connect provider that users sign in with: its address, as it stands in its tokens.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNull]
    public Uri OidcIssuer { get; set; } = null!;

    /// <summary>The id by which the provider knows this K2HR3.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    public string OidcClientId { get; set; } = null!;

    /// <summary>The secret of that id.</summary>
    [Parameter(Mandatory = true, Position = 2)]
    [ValidateNotNull]
    public SecureString OidcClientSecret { get; set; } = null!;

    /// <summary>The member of the provider's tokens that names the user; the usual one when not given.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? OidcUserNameKey { get; set; }

    /// <summary>The cookie that keeps the token in the user's browser; id_token when not given.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string OidcCookieName { get; set; } = "id_token";

    /// <summary>How long that cookie lives, in seconds; 60 when not given.</summary>
    [Parameter]
    [ValidateRange(1, 100_000)]
    public int OidcCookieExpire { get; set; } = 60;

    /// <summary>How many pods keep K2HR3's data; 2 when not given.</summary>
    [Parameter]
    [ValidateRange(1, 16)]
    public int DataCount { get; set; } = 2;

    /// <summary>How many pods run the REST API; 2 when not given.</summary>
    [Parameter]
    [ValidateRange(1, 16)]
    public int ApiCount { get; set; } = 2;

    /// <summary>How many pods run the web application; 2 when not given, and 0 for none.</summary>
    [Parameter]
    [ValidateRange(0, 16)]
    public int AppCount { get; set; } = 2;

    /// <summary>
    /// The host by which the REST API is reached from outside: a name or IPv4 address that leads to a host of the Kubernetes cluster.
    /// localhost when not given.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string ApiHost { get; set; } = "localhost";

    /// <summary>The host by which the web application is reached from outside; that of the API when not given.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? AppHost { get; set; }

    /// <summary>The API's port on that host; Kubernetes chooses when not given.</summary>
    [Parameter]
    [ValidateRange(1, 65535)]
    public int? ApiNodePort { get; set; }

    /// <summary>The web application's port on its host; Kubernetes chooses when not given.</summary>
    [Parameter]
    [ValidateRange(1, 65535)]
    public int? AppNodePort { get; set; }

    /// <summary>The size of a data pod's volume in GiB; 10 when not given.</summary>
    [Parameter]
    [ValidateRange(1, 1_000_000)]
    public int VolumeSize { get; set; } = 10;

    /// <summary>The storage class of the data pods' volumes; the Kubernetes cluster's default one when not given.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? StorageClass { get; set; }

    /// <summary>
    /// Keeps K2HR3's data in memory, as the command line does: it is lost when all data pods go. Without it each has a volume where there
    /// is a storage class.
    /// </summary>
    [Parameter]
    public SwitchParameter InMemory { get; set; }

    /// <summary>The image of the containers that prepare a pod.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? InitImage { get; set; }

    /// <summary>The image of chmpx.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? ChmpxImage { get; set; }

    /// <summary>The image of k2hdkc.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? K2hdkcImage { get; set; }

    /// <summary>The image of K2HR3's REST API.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? ApiImage { get; set; }

    /// <summary>The image of K2HR3's web application.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? AppImage { get; set; }

    /// <summary>Leaves what a failing flow has made instead of undoing it.</summary>
    [Parameter]
    public SwitchParameter KeepPartial { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var systems = Backend is null ? Feature<IK2hr3Deployments>() : FeatureOf<IK2hr3Deployments>(null);
        var request = Request();
        if (AsksFirst && !Run(OidcIssuer, (_, token) => systems.CheckAsync(request, token))) return;
        if (!ShouldProcess("k2hr3",
            $"Make a K2HR3 system with {DataCount} data, {ApiCount} API and {AppCount} application pods")) return;
        if (TryRun("k2hr3", (output, token) => systems.CreateAsync(request, Flow(output, keepPartial: KeepPartial), token), out var made))
            WriteObject(made);
    }

    private NewK2hr3Deployment Request() => new()
    {
        OidcIssuer = OidcIssuer,
        OidcClientId = OidcClientId,
        OidcClientSecret = Secret.Reveal(OidcClientSecret)!,
        OidcUserNameKey = OidcUserNameKey,
        OidcCookieName = OidcCookieName,
        OidcCookieExpire = OidcCookieExpire,
        DataCount = DataCount,
        ApiCount = ApiCount,
        AppCount = AppCount,
        ApiHost = ApiHost,
        AppHost = AppHost,
        ApiNodePort = ApiNodePort,
        AppNodePort = AppNodePort,
        VolumeSize = VolumeSize,
        StorageClass = StorageClass,
        InMemory = InMemory,
        Images = new[]
        {
            ("init", InitImage), ("chmpx", ChmpxImage), ("k2hdkc", K2hdkcImage), ("api", ApiImage), ("app", AppImage),
        }.Where(i => i.Item2 is not null).ToDictionary(i => i.Item1, i => i.Item2!),
    };
}
