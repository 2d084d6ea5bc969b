namespace K2hdkcDbaas.Kubernetes;

/// <summary>A K2HR3 system that was found, whole or in part.</summary>
/// <param name="Name">What it is called: its ConfigMap's name after <c>configmap-</c>.</param>
public sealed record K2hr3System(string Name)
{
    /// <summary>Who made it: the label <c>app.kubernetes.io/managed-by</c>; null for none, as the command line leaves it.</summary>
    public string? ManagedBy { get; init; }

    /// <summary>The Helm release; null for none.</summary>
    public string? Release { get; init; }

    /// <summary>The pods that keep the data; null when they are missing.</summary>
    public K2hr3SystemPart? Data { get; init; }

    /// <summary>The pods of the REST API; null when they are missing.</summary>
    public K2hr3SystemPart? Api { get; init; }

    /// <summary>The pods of the web application; null when they are missing.</summary>
    public K2hr3SystemPart? App { get; init; }

    /// <summary>The host by which the API is reached from outside; null when it is not said.</summary>
    public string? ApiHost { get; init; }

    /// <summary>The host by which the application is reached from outside; null when it is not said.</summary>
    public string? AppHost { get; init; }

    /// <summary>The authority of its certificates as PEM; null when it cannot be read.</summary>
    public string? Authority { get; init; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>Its parts that are there.</summary>
    public IEnumerable<K2hr3SystemPart> Parts => new[] { Data, Api, App }.OfType<K2hr3SystemPart>();
}
