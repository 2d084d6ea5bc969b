using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Model;

namespace K2hdkcDbaas.Commands;

/// <summary>
/// Gets what K2HR3's REST API says that it speaks: its versions, and the paths of each with their verbs. Needs no login.
/// </summary>
[Cmdlet(VerbsCommon.Get, "K2hr3Version")]
[OutputType(typeof(K2hr3ApiVersion))]
public sealed class GetK2hr3VersionCommand : SessionCmdlet
{
    /// <summary>Names of versions, such as v1; wildcards are allowed.</summary>
    [Parameter(Position = 0)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = ["*"];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var patterns = Name.Select(n => WildcardPattern.Get(n, WildcardOptions.IgnoreCase)).ToArray();
        RunK2hr3(Name[0], async (k2hr3, output, token) =>
        {
            foreach (var version in (await k2hr3.GetVersionsAsync(token).ConfigureAwait(false)).Where(v => patterns.Any(p => p.IsMatch(v))))
                await output.WriteAsync(
                    new K2hr3ApiVersion(version, k2hr3.Api, await k2hr3.GetPathsAsync(version, token).ConfigureAwait(false)),
                    token).ConfigureAwait(false);
        });
    }
}
