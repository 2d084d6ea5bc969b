using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Completers;
using K2hdkcDbaas.K2hr3;
using K2hdkcDbaas.Model;
using K2hdkcDbaas.Templates;

namespace K2hdkcDbaas.Commands;

/// <summary>Makes a policy in K2HR3; with -Force changes one that exists.</summary>
[Cmdlet(VerbsCommon.New, "K2hr3Policy", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(K2hr3Policy))]
public sealed class NewK2hr3PolicyCommand : SessionCmdlet
{
    /// <summary>The policy's name.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [NameArgument(ObjectKind.Policy)]
    public string Name { get; set; } = null!;

    /// <summary>Whether it allows or denies; allow when not given.</summary>
    [Parameter]
    [ValidateSet("allow", "deny")]
    public string Effect { get; set; } = "allow";

    /// <summary>What it allows or denies; read when not given.</summary>
    [Parameter]
    [ValidateSet("read", "write")]
    public string[] Action { get; set; } = ["read"];

    /// <summary>The resources, by name or full yrn.</summary>
    [Parameter(Position = 1)]
    [ArgumentCompleter(typeof(K2hr3ResourceCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] Resource { get; set; } = [];

    /// <summary>Policies that it takes more from, by name or full name.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(K2hr3PolicyCompleter))]
    public string[]? Alias { get; set; }

    /// <summary>Changes a policy that exists.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (!ShouldProcess(Name, "Make K2HR3 policy")) return;
        RunK2hr3(Name, async (k2hr3, output, token) =>
        {
            if (!Force) await K2hr3Names.DemandAbsentAsync(k2hr3, ListKind.Policy, Name, token).ConfigureAwait(false);
            var tenant = await K2hr3Names.TenantAsync(k2hr3, token).ConfigureAwait(false);
            var policy = new Policy
            {
                Name = K2hr3Names.Own(YrnKind.Policy, tenant, Name).Name,
                Effect = Effect,
                Actions = [.. Action.Select(a => a == "write" ? Yrn.Write : Yrn.Read)],
                Resources = K2hr3Names.Full(YrnKind.Resource, tenant, Resource),
                Aliases = K2hr3Names.Full(YrnKind.Policy, tenant, Alias),
            };
            await k2hr3.Policies.SaveAsync(policy, token).ConfigureAwait(false);
            await output.WriteAsync(
                K2hr3Names.Show(policy.Name, await k2hr3.Policies.GetAsync(policy.Name, token).ConfigureAwait(false)),
                token).ConfigureAwait(false);
        });
    }
}
