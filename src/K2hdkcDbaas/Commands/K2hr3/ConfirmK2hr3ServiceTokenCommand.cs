using System.Management.Automation;
using System.Security;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Completers;
using K2hdkcDbaas.Model;

namespace K2hdkcDbaas.Commands;

/// <summary>
/// Checks that a user token's tenant may use a service, as the service's own server does. K2HR3 destroys the token that is checked,
/// whatever the answer is; without -Token the session gets another token for this.
/// </summary>
[Cmdlet(VerbsLifecycle.Confirm, "K2hr3ServiceToken", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(K2hr3ServiceToken))]
public sealed class ConfirmK2hr3ServiceTokenCommand : SessionCmdlet
{
    /// <summary>The service, by name.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(K2hr3ServiceCompleter))]
    [Alias("Name")]
    [ValidateNotNullOrEmpty]
    [NameArgument(ObjectKind.Service)]
    public string Service { get; set; } = null!;

    /// <summary>The user token that somebody has shown; it is of no use afterwards.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNull]
    public SecureString? Token { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (!ShouldProcess(Service, Token is null ? "Check the right to K2HR3 service" : "Check and destroy user token for K2HR3 service"))
            return;
        RunK2hr3(Service, async (k2hr3, output, token) =>
        {
            var name = K2hr3Names.Normal(Service);
            var seen = Secret.Reveal(Token) is { } shown
                ? await k2hr3.Acr.VerifyAsync(name, shown, token).ConfigureAwait(false)
                : await k2hr3.Acr.VerifyAsync(name, token).ConfigureAwait(false);
            await output.WriteAsync(new K2hr3ServiceToken(seen.Service, seen.Tenant, seen.User), token).ConfigureAwait(false);
        });
    }
}
