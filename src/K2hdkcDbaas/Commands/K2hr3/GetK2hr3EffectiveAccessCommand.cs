using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Completers;
using K2hdkcDbaas.Core.Registry;
using K2hdkcDbaas.K2hr3;
using K2hdkcDbaas.Templates;

namespace K2hdkcDbaas.Commands;

/// <summary>Gets the roles that may read or write a resource, with the policy that lets them.</summary>
[Cmdlet(VerbsCommon.Get, "K2hr3EffectiveAccess")]
[OutputType(typeof(AccessDecision))]
public sealed class GetK2hr3EffectiveAccessCommand : SessionCmdlet
{
    /// <summary>The resources, by name or full name.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(K2hr3ResourceCompleter))]
    [Alias("Name")]
    [ValidateNotNullOrEmpty]
    [NameArgument(ObjectKind.Resource)]
    public string[] Resource { get; set; } = [];

    /// <summary>What is to be done with them; both when not given.</summary>
    [Parameter(Position = 1)]
    [ValidateSet("read", "write")]
    public string[] Action { get; set; } = ["read", "write"];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var name in Resource)
        {
            RunK2hr3(name, async (k2hr3, output, token) =>
            {
                var tenant = await K2hr3Names.TenantAsync(k2hr3, token).ConfigureAwait(false);
                var resource = K2hr3Names.Own(YrnKind.Resource, tenant, name);
                var contents = await K2hr3Contents.ReadAsync(k2hr3, tenant, token).ConfigureAwait(false);
                if (!contents.Resources.ContainsKey(resource.Name)) throw K2hr3Names.NotFound(ListKind.Resource, name);
                var rules = new AccessRules(contents);
                foreach (var decision in Action.Distinct().SelectMany(action => rules.Of(resource, action)).Where(d => d.IsAllowed))
                    await output.WriteAsync(decision, token).ConfigureAwait(false);
            });
        }
    }
}
