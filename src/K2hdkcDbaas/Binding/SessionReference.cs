using System.Management.Automation;
using K2hdkcDbaas.Sessions;

namespace K2hdkcDbaas.Binding;

/// <summary>A session by name or by object.</summary>
public sealed class SessionReference
{
    /// <summary>Refers by name.</summary>
    /// <param name="name">The session's name.</param>
    public SessionReference(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        Name = name;
    }

    /// <summary>Refers to this session.</summary>
    /// <param name="session">The session, also one of another runspace.</param>
    public SessionReference(K2hdkcSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        (Name, Session) = (session.Name, session);
    }

    /// <summary>The session's name.</summary>
    public string Name { get; }

    /// <summary>The session itself; null when only its name is known.</summary>
    public K2hdkcSession? Session { get; }

    /// <summary>What a parameter given so far means, as completion gets to see it; null for the current session.</summary>
    /// <param name="bound">The parameter's value, or null.</param>
    internal static SessionReference? Of(object? bound) => bound switch
    {
        SessionReference reference => reference,
        PSObject { BaseObject: var inner } => Of(inner),
        K2hdkcSession session => new SessionReference(session),
        string { Length: > 0 } name => new SessionReference(name),
        _ => null,
    };

    /// <inheritdoc/>
    public override string ToString() => Name;
}
