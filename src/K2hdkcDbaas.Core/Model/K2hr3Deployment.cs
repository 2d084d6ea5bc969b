namespace K2hdkcDbaas.Core.Model;

/// <summary>A K2HR3 system in Kubernetes: the ring that keeps its data, its REST API and its web application.</summary>
public sealed record K2hr3Deployment
{
    /// <summary>What it is called: <c>k2hr3</c>, and of Helm's chart <c>k2hr3-</c> with the name that its values give.</summary>
    public required string Name { get; init; }

    /// <summary>The namespace.</summary>
    public required string Namespace { get; init; }

    /// <summary>What has made it: <c>K2hdkcDbaas</c>, <c>Helm</c>, or <c>k2hr3 database-k8s</c>.</summary>
    public required string ManagedBy { get; init; }

    /// <summary>How it is as a whole; <see cref="StatusDetail"/> says why it is not ready.</summary>
    public ClusterStatus Status { get; init; }

    /// <summary>What is not ready; null when all is.</summary>
    public string? StatusDetail { get; init; }

    /// <summary>How many pods keep the data.</summary>
    public int DataCount { get; init; }

    /// <summary>How many pods run the REST API.</summary>
    public int ApiCount { get; init; }

    /// <summary>How many pods run the web application.</summary>
    public int AppCount { get; init; }

    /// <summary>The REST API's address from outside, for <c>Connect-K2hdkcDbaas</c>; null when none is known.</summary>
    public Uri? K2hr3Uri { get; init; }

    /// <summary>The REST API's address for pods; null without API.</summary>
    public Uri? PodK2hr3Uri { get; init; }

    /// <summary>The web application's address from outside; null when none is known.</summary>
    public Uri? AppUri { get; init; }

    /// <summary>
    /// The certificate of the authority that its own are signed by, as PEM: to be trusted by who connects. Null where it may not be read.
    /// </summary>
    public string? CaCertificate { get; init; }

    /// <summary>When it was made, in UTC.</summary>
    public DateTimeOffset? Created { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
