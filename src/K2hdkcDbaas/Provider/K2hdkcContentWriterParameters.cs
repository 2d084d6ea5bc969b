using System.Management.Automation;

namespace K2hdkcDbaas.Provider;

/// <summary>What Set-Content and Add-Content take on a K2HDKC drive.</summary>
public sealed class K2hdkcContentWriterParameters
{
    /// <summary>Takes numbers for bytes.</summary>
    [Parameter]
    public SwitchParameter AsByteStream { get; set; }
}
