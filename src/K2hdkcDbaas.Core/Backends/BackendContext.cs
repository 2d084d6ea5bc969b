using K2hdkcDbaas.Core.Registry;
using K2hdkcDbaas.Core.Sessions;
using K2hdkcDbaas.Http;
using K2hdkcDbaas.OpenStack;

namespace K2hdkcDbaas.Core.Backends;

/// <summary>What a session gives a provider to make a back end of. It holds secrets: no record, so that it never prints itself.</summary>
public sealed class BackendContext
{
    internal BackendContext()
    {
    }

    /// <summary>The session's name, for messages.</summary>
    public required string SessionName { get; init; }

    /// <summary>
    /// What the user gave for the parameters that have <see cref="ParameterUses.Connect"/>, by their names (case does not matter), already
    /// of the type that the parameter declares; what was not given is not there.
    /// </summary>
    public required IReadOnlyDictionary<string, object?> Settings { get; init; }

    /// <summary>Looks a variable of the process up; null when it is not set. Tests give their own.</summary>
    public required Func<string, string?> Variable { get; init; }

    /// <summary>The user's home folder. Tests give their own.</summary>
    public required string HomeFolder { get; init; }

    /// <summary>The clock; waits go by it.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>The cloud of the session, signed in to; null for a session without one.</summary>
    internal OpenStackConnection? Cloud { get; init; }

    /// <summary>
    /// What K2HR3 holds of clusters. Asks K2HR3 only when used, and fails with <c>K2hr3NotConfigured</c> where the session has none.
    /// </summary>
    internal ClusterRegistry Registry { get; init; } = null!;

    /// <summary>The way to K2HR3 itself.</summary>
    internal K2hr3Access K2hr3 { get; init; } = null!;

    /// <summary>K2HR3's address; null when the session knows none.</summary>
    internal Uri? K2hr3Uri { get; init; }

    /// <summary>Steers rings over their nodes' control ports; admits this host to the ring for as long as that takes.</summary>
    internal IRingControl Rings { get; init; } = null!;

    /// <summary>How requests are made: time-outs and trust, as the user gave them.</summary>
    internal HttpSettings Http { get; init; } = null!;

    /// <summary>Told of every request (debug stream) and retry (verbose).</summary>
    internal IHttpObserver Trace { get; init; } = null!;

    /// <summary>Knows the session's secrets, to mask them in texts.</summary>
    internal Redactor Redactor { get; init; } = null!;

    /// <summary>A setting as text; null when it was not given.</summary>
    /// <param name="name">The parameter's name.</param>
    public string? Text(string name) => Settings.GetValueOrDefault(name)?.ToString();
}
