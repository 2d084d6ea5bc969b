using System.Management.Automation;

namespace K2hdkcDbaas.Provider;

/// <summary>What Set-Content and Add-Content take on a K2HR3 drive.</summary>
public sealed class K2hr3ContentWriterParameters
{
    /// <summary>Puts nothing at the end of a text, as is always done: there for scripts that work with files, too.</summary>
    [Parameter]
    public SwitchParameter NoNewline { get; set; }
}
