using K2hdkcDbaas.Protocol.Hashing;
using K2hdkcDbaas.Protocol.Ring;

namespace K2hdkcDbaas.Protocol.Configuration;

/// <summary>How a configuration is written.</summary>
public enum ConfigurationFormat
{
    /// <summary>By file extension or first characters.</summary>
    Auto,

    /// <summary>Sections in brackets, <c>KEY = value</c> lines.</summary>
    Ini,

    /// <summary>One JSON object.</summary>
    Json,

    /// <summary>YAML with the same keys.</summary>
    Yaml,
}

/// <summary>TLS settings of a configuration or of one of its nodes.</summary>
public sealed record TlsSettings
{
    /// <summary>No TLS.</summary>
    public static readonly TlsSettings None = new();

    /// <summary>Whether the node speaks TLS (<c>SSL</c>).</summary>
    public bool IsEnabled { get; init; }

    /// <summary>Whether the node asks for client certificates (<c>SSL_VERIFY_PEER</c>).</summary>
    public bool VerifyPeer { get; init; }

    /// <summary>The least TLS version, as configured (<c>SSL_MIN_VER</c>); empty for the default.</summary>
    public string MinimumVersion { get; init; } = "";

    /// <summary>File or folder of the certificate authorities (<c>CAPATH</c>), or their PEM text itself; empty for the system's.</summary>
    public string CaPath { get; init; } = "";

    /// <summary>A server's certificate file (<c>SERVER_CERT</c>).</summary>
    public string ServerCertificate { get; init; } = "";

    /// <summary>Its private key file (<c>SERVER_PRIKEY</c>).</summary>
    public string ServerKey { get; init; } = "";

    /// <summary>The certificate file that a slave shows (<c>SLAVE_CERT</c>), or its PEM text itself.</summary>
    public string SlaveCertificate { get; init; } = "";

    /// <summary>Its private key file (<c>SLAVE_PRIKEY</c>), or its PEM text itself: a secret.</summary>
    public string SlaveKey { get; init; } = "";

    /// <summary>Without the certificates and keys.</summary>
    public override string ToString() => IsEnabled ? VerifyPeer ? "TLS, peers checked" : "TLS" : "no TLS";
}

/// <summary>One server (<c>SVRNODE</c>) or slave (<c>SLVNODE</c>) of a configuration.</summary>
public sealed record RingNode
{
    /// <summary>Host name or address; for a slave also a POSIX extended regular expression (<c>NAME</c>).</summary>
    public required string Name { get; init; }

    /// <summary>The port that nodes connect to (<c>PORT</c>); -1 for slaves.</summary>
    public int Port { get; init; } = -1;

    /// <summary>The control port (<c>CTLPORT</c>); -1 for none.</summary>
    public int ControlPort { get; init; } = -1;

    /// <summary>The CUK (<c>CUK</c>); for a slave also a regular expression; empty for none.</summary>
    public string Cuk { get; init; } = "";

    /// <summary>The id seed (<c>CUSTOM_ID_SEED</c>); empty for none.</summary>
    public string CustomSeed { get; init; } = "";

    /// <summary>Other addresses, tried before name and port (<c>ENDPOINTS</c>).</summary>
    public IReadOnlyList<HostPort> Endpoints { get; init; } = [];

    /// <summary>Other control addresses (<c>CTLENDPOINTS</c>).</summary>
    public IReadOnlyList<HostPort> ControlEndpoints { get; init; } = [];

    /// <summary>TLS settings; those of the whole configuration where the node says nothing.</summary>
    public TlsSettings Tls { get; init; } = TlsSettings.None;
}

/// <summary>
/// A CHMPX/K2HDKC configuration: which ring, which nodes, how keys are spread. Read from INI, JSON or YAML by
/// <see cref="Parse"/>, or put together by hand.
/// </summary>
public sealed record RingConfiguration
{
    /// <summary>The ring's name (<c>GROUP</c>); part of every node id.</summary>
    public required string Group { get; init; }

    /// <summary>Whether it is a server's configuration (<c>MODE</c>), else a slave's.</summary>
    public bool IsServer { get; init; }

    /// <summary>What node ids are made from (<c>CHMPXIDTYPE</c>).</summary>
    public NodeIdType IdType { get; init; }

    /// <summary>How keys are spread (<c>DELIVERMODE</c>).</summary>
    public DeliveryMode DeliveryMode { get; init; }

    /// <summary>Copies of a key beside the first (<c>REPLICA</c>).</summary>
    public int Replicas { get; init; }

    /// <summary>This node's control port (<c>SELFCTLPORT</c>, else <c>CTLPORT</c>); -1 for none.</summary>
    public int ControlPort { get; init; } = -1;

    /// <summary>This node's CUK (<c>SELFCUK</c>); empty for none.</summary>
    public string SelfCuk { get; init; } = "";

    /// <summary>How many nodes the ring can hold (<c>MAXCHMPX</c>).</summary>
    public int MaxNodes { get; init; } = 1024;

    /// <summary>TLS settings for nodes that say nothing of their own.</summary>
    public TlsSettings Tls { get; init; } = TlsSettings.None;

    /// <summary>The servers.</summary>
    public IReadOnlyList<RingNode> Servers { get; init; } = [];

    /// <summary>Who may join as a slave.</summary>
    public IReadOnlyList<RingNode> Slaves { get; init; } = [];

    /// <summary>Where this host dials in place of a server's address, for a host that reaches the ring by a detour; null for the addresses themselves.</summary>
    public Func<HostPort, HostPort>? Route { get; init; }

    /// <summary>All settings of GLOBAL as written, by upper-case key.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>The settings of the K2HDKC section as written, by upper-case key; servers have one.</summary>
    public IReadOnlyDictionary<string, string> StoreSettings { get; init; } = new Dictionary<string, string>();

    /// <summary>Reads a configuration.</summary>
    /// <param name="text">Its text.</param>
    /// <param name="format">How it is written.</param>
    /// <param name="include">Gives the text of a file that an INI file includes; null refuses INCLUDE.</param>
    /// <exception cref="Errors.DbaasException">The text is no configuration; the message names the line or key (<c>InvalidRingConfiguration</c>).</exception>
    public static RingConfiguration Parse(string text, ConfigurationFormat format = ConfigurationFormat.Auto, Func<string, string>? include = null) =>
        ConfigurationParser.Parse(text, format, include);
}
