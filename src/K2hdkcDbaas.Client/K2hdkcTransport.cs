namespace K2hdkcDbaas.Client;

/// <summary>How the ring is reached.</summary>
public enum K2hdkcTransport
{
    /// <summary>Managed; where that is refused or unreachable and libk2hdkc can attach to a local slave chmpx, native.</summary>
    Auto,

    /// <summary>This process joins the ring itself over TCP or TLS. Needs no other program.</summary>
    Managed,

    /// <summary>Through libk2hdkc and the slave chmpx that runs on this host.</summary>
    Native,
}
