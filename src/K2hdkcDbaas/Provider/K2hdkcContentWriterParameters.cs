using System.Management.Automation;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Client;
using K2hdkcDbaas.Completers;
using K2hdkcDbaas.Sessions;

namespace K2hdkcDbaas.Provider;

/// <summary>What Set-Content and Add-Content take on a K2HDKC drive.</summary>
public sealed class K2hdkcContentWriterParameters
{
    /// <summary>Takes numbers for bytes.</summary>
    [Parameter]
    public SwitchParameter AsByteStream { get; set; }
}
