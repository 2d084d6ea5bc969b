using K2hdkcDbaas.Core.Data;
using K2hdkcDbaas.Core.Sessions;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Sessions;

namespace K2hdkcDbaas.Binding;

/// <summary>The ways to say which ring is meant: exactly one of cluster, configuration file and server.</summary>
/// <param name="Cluster">The cluster.</param>
/// <param name="Session">The session that finds the cluster; null for the one connected last.</param>
/// <param name="ConfigurationPath">The file's full path.</param>
/// <param name="Server">Servers as <c>host[:controlport]</c>.</param>
internal sealed record RingChoice(ClusterReference? Cluster, SessionReference? Session, string? ConfigurationPath, string[]? Server)
{
    /// <summary>Where the ring's configuration comes from; null when nothing is given.</summary>
    /// <param name="session">The session that finds the cluster; null where none is needed.</param>
    /// <exception cref="DbaasException">More than one is given, or the cluster's session is not there.</exception>
    public IRingSource? Source(out IDbaasSession? session)
    {
        session = null;
        string[] given = [.. Given()];
        if (given.Length > 1)
            throw new DbaasException(ErrorKind.InvalidInput, "RingAmbiguous", $"{string.Join(" and ", given)} are both given.",
                "Give one of them: each says which ring is meant.");
        if (ConfigurationPath is not null) return new FileRing(ConfigurationPath);
        if (Server is not null) return new ControlPortRing([.. Server.Select(ControlPortRing.Parse)], TimeProvider.System);
        if (Cluster is null) return null;
        session = SessionTable.Here.Resolve(Session);
        return new ClusterRing(session, session.GetBackend(Cluster.Backend), Cluster.Key);
    }

    private IEnumerable<string> Given()
    {
        if (Cluster is not null) yield return "-Cluster";
        if (ConfigurationPath is not null) yield return "-ConfigurationPath";
        if (Server is not null) yield return "-Server";
    }
}
