namespace K2hdkcDbaas.Protocol.Configuration;

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
