using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Model;

namespace K2hdkcDbaas.Commands;

/// <summary>Gets the tenants of the session's user: the one of the session, and those that K2HR3 keeps itself where it does.</summary>
[Cmdlet(VerbsCommon.Get, "K2hr3Tenant")]
[OutputType(typeof(K2hr3Tenant))]
public sealed class GetK2hr3TenantCommand : SessionCmdlet
{
    /// <summary>Names of tenants; wildcards are allowed. All when not given.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [NameArgument(ObjectKind.Tenant, NameOnly = true)]
    public string[] Name { get; set; } = ["*"];

    /// <summary>Also the tenants that K2HR3 keeps itself; its administrator must have allowed them.</summary>
    [Parameter]
    public SwitchParameter Local { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var patterns = Name.Select(n => WildcardPattern.Get(n, WildcardOptions.IgnoreCase)).ToArray();
        RunK2hr3(Name[0], async (k2hr3, output, token) =>
        {
            var tenants = (await k2hr3.WhoAmIAsync(token).ConfigureAwait(false)).Tenants.Select(t => K2hr3Names.Show(t, isLocal: false))
                .ToList();
            if (Local)
                tenants.AddRange(
                    (await k2hr3.Tenants.ListAsync(token).ConfigureAwait(false)).Select(t => K2hr3Names.Show(t, isLocal: true)));
            foreach (var tenant in tenants.Where(t => patterns.Any(p => p.IsMatch(t.Name) || p.IsMatch(t.DisplayName ?? string.Empty))))
                await output.WriteAsync(tenant, token).ConfigureAwait(false);
        });
    }
}
