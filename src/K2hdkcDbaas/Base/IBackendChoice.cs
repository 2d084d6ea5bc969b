namespace K2hdkcDbaas.Base;

/// <summary>A cmdlet that lets the user name the engine.</summary>
internal interface IBackendChoice
{
    /// <summary>The engine's name; null when not given.</summary>
    string? Backend { get; }
}
