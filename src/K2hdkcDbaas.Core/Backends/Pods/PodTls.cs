using K2hdkcDbaas.Protocol.Configuration;

namespace K2hdkcDbaas.Core.Backends.Pods;

/// <summary>What this host shows to a ring's servers, and trusts them by.</summary>
internal static class PodTls
{
    /// <summary>Puts certificates where servers speak TLS.</summary>
    /// <param name="ring">The ring's configuration, with the pods' own paths.</param>
    /// <param name="authority">The authority's certificate as PEM.</param>
    /// <param name="certificate">This host's certificate as PEM.</param>
    /// <param name="key">Its key as PEM. A secret.</param>
    public static RingConfiguration Equip(RingConfiguration ring, string authority, string certificate, string key)
    {
        TlsSettings Own(TlsSettings tls) =>
            tls.IsEnabled ? tls with { CaPath = authority, SlaveCertificate = certificate, SlaveKey = key } : tls;
        return ring with { Tls = Own(ring.Tls), Servers = [.. ring.Servers.Select(s => s with { Tls = Own(s.Tls) })] };
    }
}
