using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Completers;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.K2hr3;
using K2hdkcDbaas.Model;

namespace K2hdkcDbaas.Commands;

/// <summary>
/// Gets what Nova is given as user data for a node that enters a role by itself, for booting nodes by other tools, or external data as a
/// guest gets it.
/// </summary>
[Cmdlet(VerbsCommon.Get, "K2hr3UserData", DefaultParameterSetName = "UserData")]
[OutputType(typeof(K2hr3UserData))]
public sealed class GetK2hr3UserDataCommand : SessionCmdlet
{
    /// <summary>The roles, by name.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(K2hr3RoleCompleter))]
    [Alias("Name")]
    [ValidateNotNullOrEmpty]
    [NameArgument(ObjectKind.Role)]
    public string[] Role { get; set; } = [];

    /// <summary>The whole script that cloud-init will fetch rather than the include that leads to it.</summary>
    [Parameter(ParameterSetName = "UserData")]
    public SwitchParameter Content { get; set; }

    /// <summary>
    /// The external data of this name, a template that K2HR3's administrator has set up, with the role and its token in it.
    /// </summary>
    [Parameter(Mandatory = true, ParameterSetName = "ExtData")]
    [ValidateNotNullOrEmpty]
    public string ExtData { get; set; } = null!;

    /// <summary>What the guest's client calls itself; K2HR3's administrator may have named the only one that is answered.</summary>
    [Parameter(ParameterSetName = "ExtData")]
    [ValidateNotNullOrEmpty]
    public string UserAgent { get; set; } = "curl";

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
                var found = await k2hr3.RoleTokens.ListAsync(role, token).ConfigureAwait(false) is [var last, ..]
                    ? last
                    : throw new DbaasException(
                    ErrorKind.NotFound, "K2hr3RoleTokenNotFound", $"Role '{role}' has no token.",
                    $"Make one with New-K2hr3RoleToken {role}.");
                var text = ParameterSetName == "ExtData"
                    ? await k2hr3.UserData.GetExternalAsync(ExtData, found, UserAgent, token).ConfigureAwait(false)
                    : Content ? await k2hr3.UserData.GetAsync(found, token).ConfigureAwait(false) : k2hr3.UserData.IncludeOf(found);
                await output.WriteAsync(
                    new K2hr3UserData(K2hr3Names.Normal(role), K2hr3Names.Secret(text, AsPlainText), found.Expires),
                    token).ConfigureAwait(false);
            });
        }
    }
}
