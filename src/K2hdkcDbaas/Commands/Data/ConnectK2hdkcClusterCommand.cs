using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Client;
using K2hdkcDbaas.Client.Model;
using K2hdkcDbaas.Completers;
using K2hdkcDbaas.Core.Data;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Sessions;

namespace K2hdkcDbaas.Commands;

/// <summary>Opens a connection to a ring's data, which the commands that follow use.</summary>
[Cmdlet(VerbsCommunications.Connect, "K2hdkcCluster")]
[OutputType(typeof(K2hdkcConnection))]
public sealed class ConnectK2hdkcClusterCommand : DbaasCmdlet
{
    /// <summary>The cluster, by name, id or object; its ring is found through K2HR3 or Trove.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true,
        ParameterSetName = "Cluster")]
    [ArgumentCompleter(typeof(ClusterCompleter))]
    [Alias("Name")]
    [ValidateNotNull]
    [ClusterArgument]
    public ClusterReference Cluster { get; set; } = null!;

    /// <summary>The session that finds the cluster, by name or object; the one connected last when not given.</summary>
    [Parameter(ParameterSetName = "Cluster")]
    [ArgumentCompleter(typeof(SessionCompleter))]
    [ValidateNotNull]
    [SessionArgument]
    public SessionReference? Session { get; set; }

    /// <summary>
    /// Puts this host into the cluster's slave role until the connection is closed, so that the servers let it in, and waits until they
    /// do.
    /// </summary>
    [Parameter(ParameterSetName = "Cluster")]
    public SwitchParameter Register { get; set; }

    /// <summary>The ring's configuration file (INI, JSON or YAML), instead of a cluster.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "File")]
    [ValidateNotNullOrEmpty]
    public string ConfigurationPath { get; set; } = null!;

    /// <summary>
    /// A server of the ring as host or host:controlport (8021 when not given), instead of a cluster; several are tried in turn.
    /// </summary>
    [Parameter(Mandatory = true, ParameterSetName = "Server")]
    [ValidateNotNullOrEmpty]
    public string[] Server { get; set; } = [];

    /// <summary>
    /// How the ring is reached: Managed joins it over TCP or TLS; Native goes through libk2hdkc (its file named by the variable
    /// K2HDKC_LIBRARY where it is in no usual place) and this host's slave chmpx, whose file is given as -ConfigurationPath; Auto tries
    /// them in this order.
    /// </summary>
    [Parameter]
    public K2hdkcTransport Transport { get; set; } = K2hdkcTransport.Auto;

    /// <summary>The custom unique key to join or register with; the configuration's own, or a new one, when not given.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Cuk { get; set; }

    /// <summary>The control port to join with, where the ring's slave entries ask for one.</summary>
    [Parameter]
    [ValidateRange(1, 65535)]
    public int? ControlPort { get; set; }

    /// <summary>
    /// Requests under way on one server at a time. One is what every server bears; more pays off for reads and for servers with many
    /// queues.
    /// </summary>
    [Parameter]
    [ValidateRange(1, 1024)]
    public int MaxInFlight { get; set; } = 1;

    /// <summary>
    /// How long one request waits for its answer: seconds, text such as 90s, 5m or 1h, or a TimeSpan; 3 seconds when not given.
    /// </summary>
    [Parameter]
    [Duration(AtMost = 3600)]
    public TimeSpan CallTimeout { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>
    /// How long -Register waits until the servers let this host in: seconds, text such as 90s, 5m or 1h, or a TimeSpan; 180 seconds when
    /// not given.
    /// </summary>
    [Parameter]
    [Duration(AtMost = 86400)]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(180);

    /// <summary>
    /// Which servers reads ask when a key's first holder does not have it: none (FirstHolder), the others while the ring changes and for an
    /// hour after (WhileChanging, when not given), or the others always (AllMembers).
    /// </summary>
    [Parameter]
    public ReadPolicy ReadPolicy { get; set; } = ReadPolicy.WhileChanging;

    /// <summary>File or folder of the certificate authorities that the servers' certificates must be signed by.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? CaPath { get; set; }

    /// <summary>The client certificate (PEM) for rings that ask for one.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? CertificatePath { get; set; }

    /// <summary>The client certificate's private key (PEM).</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? CertificateKeyPath { get; set; }

    /// <summary>Takes any server certificate, as chmpx itself does.</summary>
    [Parameter]
    public SwitchParameter SkipCertificateCheck { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        K2hdkcConnection? opened = null;
        try
        {
            // The parameter sets see to it that one is given.
            var source = new RingChoice(
                ParameterSetName == "Cluster" ? Cluster : null,
                Session, ParameterSetName == "File" ? FullPath(ConfigurationPath) : null, ParameterSetName == "Server" ? Server : null)
                .Source(out var session)!;
            var options = Options(source);
            if (!Run(source.Name,
                async (output, token) =>
                    opened = new K2hdkcConnection(
                        await DataConnection.OpenAsync(source, options, output.Observer, token).ConfigureAwait(false), session))) return;
            var former = ConnectionTable.Here.Add(new ConnectionKey(session, source.Name, Transport), opened!, makeCurrent: true);
            if (former is not null) Run(former, async (_, _) => await former.Inner.DisposeAsync().ConfigureAwait(false));
        }
        catch (DbaasException fault)
        {
            Fail(fault, Cluster?.Name);
            return;
        }

        WriteObject(opened);
    }

    private DataConnectionOptions Options(IRingSource source) => new()
    {
        Register = Register,
        AdmissionTimeout = Timeout,
        Client = new K2hdkcClientOptions
        {
            Transport = Transport,
            ReadPolicy = ReadPolicy,
            ConfigurationPath = source.FilePath,
            Cuk = Cuk,
            ControlPort = ControlPort,
            MaxInFlightPerServer = MaxInFlight,
            CallTimeout = CallTimeout,
            CaPath = FullPath(CaPath),
            CertificatePath = FullPath(CertificatePath),
            CertificateKeyPath = FullPath(CertificateKeyPath),
            SkipServerCertificateCheck = SkipCertificateCheck,
        },
    };

    private string? FullPath(string? path) => path is null ? null : SessionState.Path.GetUnresolvedProviderPathFromPSPath(path);
}
