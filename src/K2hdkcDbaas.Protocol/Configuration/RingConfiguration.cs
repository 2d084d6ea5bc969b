using K2hdkcDbaas.Protocol.Hashing;
using K2hdkcDbaas.Protocol.Ring;

namespace K2hdkcDbaas.Protocol.Configuration;

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

    /// <summary>
    /// Where this host dials in place of a server's address, for a host that reaches the ring by a detour; null for the addresses
    /// themselves.
    /// </summary>
    public Func<HostPort, HostPort>? Route { get; init; }

    /// <summary>All settings of GLOBAL as written, by upper-case key.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>The settings of the K2HDKC section as written, by upper-case key; servers have one.</summary>
    public IReadOnlyDictionary<string, string> StoreSettings { get; init; } = new Dictionary<string, string>();

    /// <summary>Reads a configuration.</summary>
    /// <param name="text">Its text.</param>
    /// <param name="format">How it is written.</param>
    /// <param name="include">Gives the text of a file that an INI file includes; null refuses INCLUDE.</param>
    /// <exception cref="Errors.DbaasException">The text is no configuration; the message names the line or key
    /// (<c>InvalidRingConfiguration</c>).</exception>
    public static RingConfiguration Parse(string text, ConfigurationFormat format = ConfigurationFormat.Auto,
        Func<string, string>? include = null) =>
        ConfigurationParser.Parse(text, format, include);
}
