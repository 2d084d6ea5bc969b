namespace K2hdkcDbaas.Sandbox;

/// <summary>A fault to throw at matching requests.</summary>
public sealed record FaultRule
{
    /// <summary>Name for the list of calls; the action's name when left out.</summary>
    public string? Name { get; set; }

    /// <summary>Service it is for (nova, k2hr3 ...); null is any.</summary>
    public string? Service { get; set; }

    /// <summary>HTTP method; null is any.</summary>
    public string? Method { get; set; }

    /// <summary>Pattern of the path without query, * for any characters (also slashes) and ? for one; null is any.</summary>
    public string? Path { get; set; }

    /// <summary>Matching requests to let pass first.</summary>
    public int Skip { get; set; }

    /// <summary>How many requests it hits; null is all.</summary>
    public int? Count { get; set; } = 1;

    /// <summary>What it does.</summary>
    public FaultAction Action { get; set; } = FaultAction.Status;

    /// <summary>Real milliseconds to wait first, with any action.</summary>
    public int DelayMilliseconds { get; set; }

    /// <summary>Status for <see cref="FaultAction.Status"/>.</summary>
    public int Status { get; set; } = 503;

    /// <summary>Message in the error body; the service's usual one for the status when left out.</summary>
    public string? Message { get; set; }

    /// <summary>Value of a Retry-After header (seconds or a date); null sends none.</summary>
    public string? RetryAfter { get; set; }

    /// <summary>True does the request's work first and spoils only its answer, as when a connection breaks on the way back.</summary>
    public bool AfterWork { get; set; }
}
