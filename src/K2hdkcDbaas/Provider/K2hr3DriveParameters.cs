using System.Management.Automation;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Completers;

namespace K2hdkcDbaas.Provider;

/// <summary>What New-PSDrive takes beside its own parameters: which session.</summary>
public sealed class K2hr3DriveParameters
{
    /// <summary>The session whose tenant the drive shows; the one connected last when not given.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(SessionCompleter))]
    [SessionArgument]
    public SessionReference? Session { get; set; }
}
