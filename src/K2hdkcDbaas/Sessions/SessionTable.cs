using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Core.Backends;
using K2hdkcDbaas.Core.Sessions;
using K2hdkcDbaas.Errors;

namespace K2hdkcDbaas.Sessions;

/// <summary>
/// The open sessions of one runspace. Runspaces share a process but not what a user did in them, so the table hangs on the runspace, and
/// weakly: it goes when the runspace goes.
/// </summary>
internal sealed class SessionTable
{
    /// <summary>The error id of working without a session.</summary>
    public const string NotConnected = nameof(NotConnected);

    private static readonly ConditionalWeakTable<Runspace, SessionTable> Tables = [];

    private readonly List<K2hdkcSession> _sessions = [];

    /// <summary>The table of the runspace that runs on this thread.</summary>
    public static SessionTable Here => Tables.GetOrCreateValue(Runspace.DefaultRunspace);

    /// <summary>
    /// The session that a command uses unless told otherwise: the one connected or selected last; null when there is none.
    /// </summary>
    public K2hdkcSession? Current => _sessions.LastOrDefault();

    /// <summary>All open sessions, the current one last.</summary>
    public IReadOnlyList<K2hdkcSession> All => _sessions;

    /// <summary>Adds a session, which becomes the current one, and takes out one of the same name.</summary>
    /// <returns>The session that the new one replaces; null when there was none.</returns>
    public K2hdkcSession? Add(K2hdkcSession session)
    {
        var former = _sessions.Find(s => s.HasName(session.Name));
        if (former is not null) Remove(former);
        _sessions.Add(session);
        Mark();
        return former;
    }

    /// <summary>Makes an open session the current one.</summary>
    public void Select(K2hdkcSession session)
    {
        if (_sessions.Remove(session)) _sessions.Add(session);
        Mark();
    }

    /// <summary>
    /// A name for a session that was given none: its own, unless a session with another project, user or region has that. Then the project
    /// (or the region, where only that differs), and at need a number, goes with it, so that connecting to a second project of a cloud does
    /// not close the first.
    /// </summary>
    public string NameFor(IDbaasSession session)
    {
        var name = session.Name;
        for (var i = 1; Find(name) is { } other && !other.IsLike(session); i++)
        {
            var more = i == 1 && other.ProjectId is not null && other.ProjectId == session.ProjectId && other.Region != session.Region
                ? session.Region
                : null;
            name = $"{session.Name}/{more ?? session.Project ?? session.Tenant}{(i == 1 ? "" : $"-{i}")}";
        }
        return name;
    }

    /// <summary>Takes a session out.</summary>
    public bool Remove(K2hdkcSession session)
    {
        var removed = _sessions.Remove(session);
        if (removed) session.Current = false;
        Mark();
        return removed;
    }

    /// <summary>Finds a session by name.</summary>
    public K2hdkcSession? Find(string name) => _sessions.Find(s => s.HasName(name));

    /// <summary>Finds the session that a command is to use.</summary>
    /// <param name="reference">What the user named; null for the current one.</param>
    public IDbaasSession Resolve(SessionReference? reference)
    {
        var session = Meant(reference);
        session.NeedOpen();
        return session;
    }

    /// <summary><see cref="Providers"/> of the runspace that runs on this thread; those registered where there is none.</summary>
    /// <param name="session">The value given for <c>-Session</c> so far, or null.</param>
    public static IReadOnlyList<IClusterBackendProvider> ProvidersHere(object? session) =>
        Runspace.DefaultRunspace is null ? BackendProviders.All : Here.Providers(session);

    /// <summary>
    /// The engines that a command would choose from: those of the session that is meant, or where there is none those registered.
    /// </summary>
    /// <param name="session">The value given for <c>-Session</c> so far, or null.</param>
    public IReadOnlyList<IClusterBackendProvider> Providers(object? session)
    {
        try
        {
            return Meant(SessionReference.Of(session)).Providers;
        }
        catch (DbaasException)
        {
            return BackendProviders.All;
        }
    }

    private void Mark()
    {
        foreach (var session in _sessions) session.Current = session == _sessions[^1];
    }

    private IDbaasSession Meant(SessionReference? reference) => reference switch
    {
        { Session: { } given } => given.Inner,
        { } => Find(reference.Name)?.Inner ?? throw NotFound(reference.Name, _sessions),
        null => Current?.Inner ?? throw new DbaasException(
            ErrorKind.NotFound, NotConnected, "There is no open session in this runspace.",
            "Open one with Connect-K2hdkcDbaas, or pass one with -Session (for example '-Session $using:session' in ForEach-Object "
                + "-Parallel)."),
    };

    /// <summary>The fault of naming a session that is not open.</summary>
    public static DbaasException NotFound(string name, IReadOnlyCollection<K2hdkcSession> open) => new(
        ErrorKind.NotFound, "SessionNotFound", $"There is no open session named '{name}' in this runspace.",
        open.Count == 0 ? "Open one with Connect-K2hdkcDbaas." : $"Open sessions: {string.Join(", ", open.Select(s => s.Name))}.");
}
