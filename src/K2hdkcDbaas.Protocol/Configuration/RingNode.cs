namespace K2hdkcDbaas.Protocol.Configuration;

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
