using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Completers;
using K2hdkcDbaas.K2hr3;
using K2hdkcDbaas.Model;

namespace K2hdkcDbaas.Commands;

/// <summary>Gets the tokens of roles, the one that ends last first.</summary>
[Cmdlet(VerbsCommon.Get, "K2hr3RoleToken")]
[OutputType(typeof(K2hr3RoleToken))]
public sealed class GetK2hr3RoleTokenCommand : SessionCmdlet
{
    /// <summary>The roles, by name.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(K2hr3RoleCompleter))]
    [Alias("Name")]
    [ValidateNotNullOrEmpty]
    [NameArgument(ObjectKind.Role)]
    public string[] Role { get; set; } = [];

    /// <summary>Returns the secret as plain text rather than as a SecureString.</summary>
    [Parameter]
    public SwitchParameter AsPlainText { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var role in Role)
        {
            RunK2hr3(role, async (k2hr3, output, token) =>
            {
                await K2hr3Names.DemandPresentAsync(k2hr3, ListKind.Role, role, token).ConfigureAwait(false);
                foreach (var found in await k2hr3.RoleTokens.ListAsync(role, token).ConfigureAwait(false))
                    await output.WriteAsync(K2hr3Names.Show(K2hr3Names.Normal(role), found, AsPlainText), token).ConfigureAwait(false);
            });
        }
    }
}
