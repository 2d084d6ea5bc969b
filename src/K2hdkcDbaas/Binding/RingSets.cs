namespace K2hdkcDbaas.Binding;

/// <summary>
/// The parameter sets of commands that work on a ring: each way to say which ring is meant is one, so that PowerShell refuses two at once.
/// </summary>
internal static class RingSets
{
    /// <summary>The connection that Connect-K2hdkcCluster made last.</summary>
    public const string Current = "Current";

    /// <summary>A cluster.</summary>
    public const string Cluster = "Cluster";

    /// <summary>A configuration file.</summary>
    public const string ConfigurationPath = "ConfigurationPath";

    /// <summary>A server of the ring.</summary>
    public const string Server = "Server";

    /// <summary>A connection that is open.</summary>
    public const string Connection = "Connection";
}
