namespace K2hdkcDbaas.Protocol.Ring;

/// <summary>A server's TLS settings as its record tells them. The paths are of that server's disk.</summary>
public sealed record ServerTls
{
    /// <summary>No TLS.</summary>
    public static readonly ServerTls None = new();

    /// <summary>The server speaks TLS from the first byte.</summary>
    public bool IsEnabled { get; init; }

    /// <summary>The server asks for a client certificate.</summary>
    public bool VerifyPeer { get; init; }

    /// <summary><see cref="CaPath"/> is a file, not a folder.</summary>
    public bool IsCaFile { get; init; }

    /// <summary>Where the server finds its certificate authorities.</summary>
    public string CaPath { get; init; } = "";

    /// <summary>Where its certificate is.</summary>
    public string ServerCertificate { get; init; } = "";

    /// <summary>Where its private key is.</summary>
    public string ServerKey { get; init; } = "";

    /// <summary>Where the certificate is that it shows as a slave of another server.</summary>
    public string SlaveCertificate { get; init; } = "";

    /// <summary>Where that certificate's key is.</summary>
    public string SlaveKey { get; init; } = "";
}
