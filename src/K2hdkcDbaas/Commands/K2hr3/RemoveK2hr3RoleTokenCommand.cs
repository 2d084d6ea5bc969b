using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Model;

namespace K2hdkcDbaas.Commands;

/// <summary>Ends role tokens: no host can enter the role with them any more.</summary>
[Cmdlet(VerbsCommon.Remove, "K2hr3RoleToken", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(K2hr3RoleToken))]
public sealed class RemoveK2hr3RoleTokenCommand : SessionCmdlet
{
    /// <summary>The tokens: as Get-K2hr3RoleToken shows them, or as SecureString.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ValidateNotNull]
    public RoleTokenReference[] Token { get; set; } = [];

    /// <summary>Returns the tokens that were ended.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var reference in Token)
        {
            if (!ShouldProcess(reference.ToString(), "End K2HR3 role token")) continue;
            var done = RunK2hr3(reference.ToString(), async (k2hr3, _, token) =>
                await k2hr3.RoleTokens.DeleteAsync(reference.Plain(), token).ConfigureAwait(false));
            if (done && PassThru && reference.Token is not null) WriteObject(reference.Token);
        }
    }
}
