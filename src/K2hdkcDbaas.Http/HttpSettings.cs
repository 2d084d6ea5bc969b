namespace K2hdkcDbaas.Http;

/// <summary>How a session speaks HTTP. Changed by <c>with</c>.</summary>
public sealed record HttpSettings
{
    /// <summary>How long making a connection may take. Default 10 s.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long one sending of a request may take, answer included. Default 60 s.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a request may take with all its retries and waits. Default 180 s.</summary>
    public TimeSpan TotalTimeout { get; init; } = TimeSpan.FromSeconds(180);

    /// <summary>How often a request is sent at most. Default 4.</summary>
    public int MaxAttempts { get; init; } = 4;

    /// <summary>The wait before the first retry; it doubles each time, with jitter. Default 0.4 s.</summary>
    public TimeSpan RetryBaseDelay { get; init; } = TimeSpan.FromMilliseconds(400);

    /// <summary>The longest wait of our own choosing. Default 8 s.</summary>
    public TimeSpan RetryMaxDelay { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>The longest wait a service may ask for by Retry-After; one that asks for more is given up. Default 60 s.</summary>
    public TimeSpan MaxRetryAfter { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The largest answer taken, in bytes after decompression. Default 16 MiB.</summary>
    public int MaxResponseBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>Whether the services' certificates are checked. Default true.</summary>
    public bool VerifyCertificates { get; init; } = true;

    /// <summary>A PEM file of the authorities to trust instead of the system's; null for the system's.</summary>
    public string? CaFile { get; init; }

    /// <summary>A PEM file with the client's certificate; null for none.</summary>
    public string? ClientCertificateFile { get; init; }

    /// <summary>A PEM file with the client's private key; null when it is in <see cref="ClientCertificateFile"/>.</summary>
    public string? ClientKeyFile { get; init; }

    /// <summary>What we call ourselves.</summary>
    public string UserAgent { get; init; } = "K2hdkcDbaas";
}
