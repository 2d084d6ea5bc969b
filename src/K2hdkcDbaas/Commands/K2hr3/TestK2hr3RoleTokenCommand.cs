using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Completers;
using K2hdkcDbaas.K2hr3;
using K2hdkcDbaas.Templates;

namespace K2hdkcDbaas.Commands;

/// <summary>Says whether role tokens are good, and of their roles.</summary>
[Cmdlet(VerbsDiagnostic.Test, "K2hr3RoleToken")]
[OutputType(typeof(bool))]
public sealed class TestK2hr3RoleTokenCommand : SessionCmdlet
{
    /// <summary>The tokens: as Get-K2hr3RoleToken shows them, or as SecureString.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ValidateNotNull]
    public RoleTokenReference[] Token { get; set; } = [];

    /// <summary>The role that they must be of, by name or full name; a token that is an object knows its own.</summary>
    [Parameter(Position = 1)]
    [ArgumentCompleter(typeof(K2hr3RoleCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Role { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var reference in Token)
        {
            RunK2hr3(reference.ToString(), async (k2hr3, output, token) =>
            {
                var tenant = await K2hr3Names.TenantAsync(k2hr3, token).ConfigureAwait(false);
                var secret = reference.Plain();
                var good = await k2hr3.IsRoleTokenGoodAsync(Yrn.Role(tenant, Yrn.NameOf(Role ?? reference.Token?.Role ?? "any")),
                    secret, token).ConfigureAwait(false);
                // K2HR3 says yes to a good token whichever role is asked for, even one that is not there.
                if (good && (Role ?? reference.Token?.Role) is { } role)
                {
                    var own = K2hr3Names.Own(YrnKind.Role, tenant, role).Name;
                    await K2hr3Names.DemandPresentAsync(k2hr3, ListKind.Role, own, token).ConfigureAwait(false);
                    good = (await k2hr3.RoleTokens.ListAsync(own, token).ConfigureAwait(false)).Any(t => t.Value == secret);
                }

                await output.WriteAsync(good, token).ConfigureAwait(false);
            });
        }
    }
}
