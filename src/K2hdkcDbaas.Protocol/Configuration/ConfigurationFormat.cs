namespace K2hdkcDbaas.Protocol.Configuration;

/// <summary>How a configuration is written.</summary>
public enum ConfigurationFormat
{
    /// <summary>By file extension or first characters.</summary>
    Auto,

    /// <summary>Sections in brackets, <c>KEY = value</c> lines.</summary>
    Ini,

    /// <summary>One JSON object.</summary>
    Json,

    /// <summary>YAML with the same keys.</summary>
    Yaml,
}
