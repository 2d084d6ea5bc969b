using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Completers;
using K2hdkcDbaas.K2hr3;
using K2hdkcDbaas.Model;

namespace K2hdkcDbaas.Commands;

/// <summary>Makes a token for a role.</summary>
[Cmdlet(VerbsCommon.New, "K2hr3RoleToken", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(K2hr3RoleToken))]
public sealed class NewK2hr3RoleTokenCommand : SessionCmdlet
{
    /// <summary>The role, by name.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(K2hr3RoleCompleter))]
    [Alias("Name")]
    [ValidateNotNullOrEmpty]
    [NameArgument(ObjectKind.Role)]
    public string Role { get; set; } = null!;

    /// <summary>
    /// How long it is good: seconds, text such as 90s, 1h or 30d, or a TimeSpan; a fraction of a second counts as a second. As long as
    /// K2HR3 allows, about ten years (3650 days), when not given.
    /// </summary>
    [Parameter]
    [Duration(AtMost = 3650d * 24 * 60 * 60)]
    public TimeSpan? Lifetime { get; set; }

    /// <summary>Returns the secret as plain text rather than as a SecureString.</summary>
    [Parameter]
    public SwitchParameter AsPlainText { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (!ShouldProcess(Role, "Make K2HR3 role token")) return;
        RunK2hr3(Role, async (k2hr3, output, token) =>
        {
            await K2hr3Names.DemandPresentAsync(k2hr3, ListKind.Role, Role, token).ConfigureAwait(false);
            var made = await k2hr3.RoleTokens.IssueAsync(Role, WholeSeconds(Lifetime), token).ConfigureAwait(false);
            // What is issued comes without its dates; the list has them.
            var listed = await k2hr3.RoleTokens.ListAsync(Role, token).ConfigureAwait(false);
            await output.WriteAsync(
                K2hr3Names.Show(K2hr3Names.Normal(Role), listed.FirstOrDefault(t => t.Value == made.Value) ?? made, AsPlainText),
                token).ConfigureAwait(false);
        });
    }

    // K2HR3 counts whole seconds, and its 0 is "as long as possible".
    private static TimeSpan? WholeSeconds(TimeSpan? lifetime) =>
        lifetime is { } given ? TimeSpan.FromSeconds(Math.Ceiling(given.TotalSeconds)) : null;
}
