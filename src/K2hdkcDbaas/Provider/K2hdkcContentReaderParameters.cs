using System.Management.Automation;

namespace K2hdkcDbaas.Provider;

/// <summary>What Get-Content takes on a K2HDKC drive.</summary>
public sealed class K2hdkcContentReaderParameters
{
    /// <summary>Gives the value as one byte array, exactly as stored.</summary>
    [Parameter]
    public SwitchParameter AsByteStream { get; set; }

    /// <summary>Gives the value as one object, as is always done: there for scripts that work with files, too.</summary>
    [Parameter]
    public SwitchParameter Raw { get; set; }
}
