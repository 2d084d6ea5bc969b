namespace K2hdkcDbaas.Templates;

/// <summary>
/// The release of k2hr3_api whose behaviour the sandbox shows. The two differ in what templates yield and in how bodies are read.
/// </summary>
public enum K2hr3Version
{
    /// <summary>Behave as k2hr3_api 1.0.42, the release that works with Keystone v3.</summary>
    V1,

    /// <summary>Behave as k2hr3_api 2.0.3.</summary>
    V2,
}
