using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Model;

namespace K2hdkcDbaas.Commands;

/// <summary>Gets the session's K2HR3 user token, for other tools that need one. Fails when the login is no longer valid.</summary>
[Cmdlet(VerbsCommon.Get, "K2hr3UserToken")]
[OutputType(typeof(K2hr3UserToken))]
public sealed class GetK2hr3UserTokenCommand : SessionCmdlet
{
    /// <summary>Returns the secret as plain text rather than as a SecureString.</summary>
    [Parameter]
    public SwitchParameter AsPlainText { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => RunK2hr3(null, async (k2hr3, output, token) =>
    {
        // Asking who it is for renews a token that K2HR3 does not know any more.
        var me = await k2hr3.WhoAmIAsync(token).ConfigureAwait(false);
        var secret = await k2hr3.GetUserTokenAsync(token).ConfigureAwait(false);
        await output.WriteAsync(
            new K2hr3UserToken(me.User, me.Scoped && me.Tenants is [var tenant, ..] ? tenant.Name : null, me.Scoped,
                K2hr3Names.Secret(secret, AsPlainText)), token).ConfigureAwait(false);
    });
}
