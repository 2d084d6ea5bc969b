using K2hdkcDbaas.Client.Model;
using K2hdkcDbaas.Protocol.Configuration;
using K2hdkcDbaas.Protocol.Frames;

namespace K2hdkcDbaas.Client;

/// <summary>How a client joins a ring and how patient it is.</summary>
public sealed record K2hdkcClientOptions
{
    /// <summary>The ring's configuration, as for a slave. Needed unless <see cref="ConfigurationPath"/> names a file.</summary>
    public RingConfiguration? Configuration { get; init; }

    /// <summary>
    /// A configuration file (INI, JSON or YAML). The native transport needs one; the managed one reads it when <see cref="Configuration"/>
    /// is null.
    /// </summary>
    public string? ConfigurationPath { get; init; }

    /// <summary>How to reach the ring.</summary>
    public K2hdkcTransport Transport { get; init; } = K2hdkcTransport.Auto;

    /// <summary>
    /// The seed of this client's id in a CUSTOM ring; null makes a unique one. Two clients with one id steal each other's replies.
    /// </summary>
    public string? IdSeed { get; init; }

    /// <summary>This client's CUK; null for the configuration's <c>SELFCUK</c>, or what the ring's slave entries ask for.</summary>
    public string? Cuk { get; init; }

    /// <summary>This client's host name in a NAME ring; null tries the names that the servers may know it by.</summary>
    public string? HostName { get; init; }

    /// <summary>The control port to join with, as the ring's slave entries list it; null for the configuration's own.</summary>
    public int? ControlPort { get; init; }

    /// <summary>
    /// How long one request waits for its reply, from the moment it is sent, and before that for its turn behind calls that the server does
    /// not answer. Servers have no way to say no: silence is their refusal. A request that may be repeated safely is sent once more after
    /// silence, a read to a replica where there is one. Large values get more: a second for each 8 MiB sent, and ten times the wait for one
    /// that is read into a stream; and while a part of a message still moves nobody loses patience.
    /// </summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How long a TCP and TLS connection may take.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How long each step of joining may take.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long a call waits for a server that serves its key before it fails with <c>NoServerForKey</c> or <c>RingUnavailable</c>.
    /// </summary>
    public TimeSpan RerouteTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often a call that may be repeated safely is repeated after a lost connection.</summary>
    public int MaxRetries { get; init; } = 3;

    /// <summary>
    /// Requests under way on one server at a time. One is what every real server bears: under parallel changes of a replicated ring they
    /// stall. More pays off for reads, and for servers with MAXQPERSERVERMQ and MAXQPERCLIENTMQ of 8 or more.
    /// </summary>
    public int MaxInFlightPerServer { get; init; } = 1;

    /// <summary>The first pause before a lost server is dialled again; it doubles up to <see cref="MaxReconnectDelay"/>.</summary>
    public TimeSpan ReconnectDelay { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>The longest pause between two attempts.</summary>
    public TimeSpan MaxReconnectDelay { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The longest message held in memory, header included, sent or received; <c>ValueTooLarge</c> beyond. Values from and into streams do
    /// not count.
    /// </summary>
    public int MaxFrameLength { get; init; } = Frame.DefaultMaxLength;

    /// <summary>
    /// File or folder of the certificate authorities that servers must be signed by; null for the configuration's <c>CAPATH</c>, else the
    /// system's.
    /// </summary>
    public string? CaPath { get; init; }

    /// <summary>This client's certificate file (PEM); null for the configuration's <c>SLAVE_CERT</c>.</summary>
    public string? CertificatePath { get; init; }

    /// <summary>Its private key file (PEM); null for the configuration's <c>SLAVE_PRIKEY</c>.</summary>
    public string? CertificateKeyPath { get; init; }

    /// <summary>Takes any server certificate, as chmpx itself does.</summary>
    public bool SkipServerCertificateCheck { get; init; }

    /// <summary>
    /// Whom a read asks when the key's first holder does not have it; see <see cref="ReadPolicy"/>. The native transport always asks the
    /// first holder alone.
    /// </summary>
    public ReadPolicy ReadPolicy { get; init; } = ReadPolicy.WhileChanging;

    /// <summary>
    /// For how long after a change of a server's status <see cref="ReadPolicy.WhileChanging"/> goes on looking for keys that the change has
    /// hidden.
    /// </summary>
    public TimeSpan ChangeMemory { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Where waits and expiries take the time from.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
