using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Completers;
using K2hdkcDbaas.K2hr3;
using K2hdkcDbaas.Model;
using K2hdkcDbaas.Templates;

namespace K2hdkcDbaas.Commands;

/// <summary>Changes a policy: what is not given stays as it is, and an empty list clears.</summary>
[Cmdlet(VerbsCommon.Set, "K2hr3Policy", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(K2hr3Policy))]
public sealed class SetK2hr3PolicyCommand : SetK2hr3Cmdlet
{
    /// <summary>The policy, by name or full name.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(K2hr3PolicyCompleter))]
    [ValidateNotNullOrEmpty]
    [NameArgument(ObjectKind.Policy)]
    public string Name { get; set; } = null!;

    /// <summary>Whether it allows or denies.</summary>
    [Parameter]
    [ValidateSet("allow", "deny")]
    public string? Effect { get; set; }

    /// <summary>What may or may not be done, all of it.</summary>
    [Parameter]
    [ValidateSet("read", "write")]
    [AllowEmptyCollection]
    public string[]? Action { get; set; }

    /// <summary>The resources it is about, all of them, by name or full name.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(K2hr3ResourceCompleter))]
    [AllowEmptyCollection]
    public string[]? Resource { get; set; }

    /// <summary>The policies it takes more from, all of them, by name or full name.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(K2hr3PolicyCompleter))]
    [AllowEmptyCollection]
    public string[]? Alias { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => Change(
        ListKind.Policy, Name,
        (k2hr3, tenant, token) => k2hr3.Policies.SaveAsync(
            new Policy
            {
                Name = K2hr3Names.Normal(Name),
                Effect = Effect,
                Actions = Action is null ? null : [.. Action.Select(a => a == "write" ? Yrn.Write : Yrn.Read)],
                Resources = K2hr3Names.Full(YrnKind.Resource, tenant, Resource),
                Aliases = K2hr3Names.Full(YrnKind.Policy, tenant, Alias),
            }, token),
        async (k2hr3, name, token) => K2hr3Names.Show(name, await k2hr3.Policies.GetAsync(name, token).ConfigureAwait(false)));
}
