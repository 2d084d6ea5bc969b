using System.Net;
using K2hdkcDbaas.Protocol;
using K2hdkcDbaas.Protocol.Configuration;

namespace K2hdkcDbaas.Client.Managed;

/// <summary>Opens byte streams to servers; tests put their own in its place.</summary>
internal interface IDialer
{
    /// <summary>Connects, and agrees on TLS where the settings say so.</summary>
    Task<DialedStream> DialAsync(HostPort address, TlsSettings tls, CancellationToken cancellationToken);
}

/// <summary>A connected stream, and this side's address on it.</summary>
internal readonly record struct DialedStream(Stream Stream, IPAddress? LocalAddress);
