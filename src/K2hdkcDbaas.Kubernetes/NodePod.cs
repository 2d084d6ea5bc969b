namespace K2hdkcDbaas.Kubernetes;

/// <summary>A pod of a cluster.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Uid">Its uid.</param>
public sealed record NodePod(string Name, string Uid)
{
    /// <summary>Its address; null while it has none.</summary>
    public string? Address { get; init; }

    /// <summary>The name of the Kubernetes node that it runs on; null while it has none.</summary>
    public string? Host { get; init; }

    /// <summary>
    /// Its state in the word that <c>kubectl get pods</c> shows, such as <c>Running</c>, <c>Pending</c>, <c>CrashLoopBackOff</c> or
    /// <c>Terminating</c>.
    /// </summary>
    public string Status { get; init; } = "";

    /// <summary>Why it is not running; null when nothing is known.</summary>
    public string? Detail { get; init; }

    /// <summary>Whether all its containers run; a server may still be out of service then.</summary>
    public bool IsUp { get; init; }

    /// <summary>Whether it is ready: a server is in service then.</summary>
    public bool IsReady { get; init; }

    /// <summary>Whether it is being deleted.</summary>
    public bool IsLeaving { get; init; }

    /// <summary>The image of its last container: k2hdkc, or a slave's program.</summary>
    public string? Image { get; init; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset? Created { get; init; }
}
