namespace K2hdkcDbaas.Kubernetes;

/// <summary>How a K2HR3 system is made.</summary>
public sealed record K2hr3SystemDesign
{
    /// <summary>The image of the REST API, unless told otherwise.</summary>
    public const string DefaultApiImage = "antpickax/k2hr3-api:1.0.42";

    /// <summary>The image of the web application, unless told otherwise.</summary>
    public const string DefaultAppImage = "antpickax/k2hr3-app:1.0.41";

    /// <summary>The namespace.</summary>
    public required string Namespace { get; init; }

    /// <summary>How many pods keep the data.</summary>
    public int DataCount { get; init; } = 2;

    /// <summary>How many pods run the REST API.</summary>
    public int ApiCount { get; init; } = 2;

    /// <summary>How many pods run the web application.</summary>
    public int AppCount { get; init; } = 2;

    /// <summary>The host by which the API is reached from outside.</summary>
    public string ApiHost { get; init; } = "localhost";

    /// <summary>The host by which the application is reached from outside.</summary>
    public string AppHost { get; init; } = "localhost";

    /// <summary>The API's port on that host; null while Kubernetes has chosen none.</summary>
    public int? ApiPort { get; init; }

    /// <summary>The application's port on that host; null while Kubernetes has chosen none.</summary>
    public int? AppPort { get; init; }

    /// <summary>The volume size of a data pod in GiB; null for memory.</summary>
    public int? VolumeSize { get; init; }

    /// <summary>The storage class of volumes; null for the Kubernetes cluster's default.</summary>
    public string? StorageClass { get; init; }

    /// <summary>The image of the init containers.</summary>
    public string InitImage { get; init; } = ClusterDesign.DefaultInitImage;

    /// <summary>The image of chmpx.</summary>
    public string ChmpxImage { get; init; } = ClusterDesign.DefaultChmpxImage;

    /// <summary>The image of k2hdkc.</summary>
    public string K2hdkcImage { get; init; } = ClusterDesign.DefaultK2hdkcImage;

    /// <summary>The image of the REST API.</summary>
    public string ApiImage { get; init; } = DefaultApiImage;

    /// <summary>The image of the web application.</summary>
    public string AppImage { get; init; } = DefaultAppImage;
}
