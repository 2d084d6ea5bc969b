using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Core.Registry;

namespace K2hdkcDbaas.Commands;

/// <summary>Brings the tenant in K2HR3 to what a YAML file of Export-K2hr3Configuration says, and returns what differed.</summary>
[Cmdlet(VerbsData.Import, "K2hr3Configuration", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium,
    DefaultParameterSetName = "Text")]
[OutputType(typeof(ContentsChange))]
public sealed class ImportK2hr3ConfigurationCommand : SessionCmdlet
{
    /// <summary>The YAML file, as Export-K2hr3Configuration writes it.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "Path", ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath")]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = null!;

    /// <summary>The YAML itself, as Export-K2hr3Configuration returns it.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Text", ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    [TextArgument]
    public string Text { get; set; } = null!;

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var file = ParameterSetName == "Path" ? GetUnresolvedProviderPathFromPSPath(Path) : null;
        if (!TryRun(file, (_, token) => PlanAsync(file, token), out var plan)) return;
        var chosen = new List<(string Kind, string Name)>();
        foreach (var one in plan.Changes.GroupBy(c => (c.Kind, c.Name)))
        {
            var verb = one.First().IsNew ? "Make" : "Change";
            if (ShouldProcess($"{one.Key.Kind} {one.Key.Name}", $"{verb}: {string.Join("; ", one.Select(c => c.ToString()))}"))
                chosen.Add(one.Key);
        }

        if (chosen.Count > 0
            && !RunK2hr3(file, (k2hr3, _, token) => ContentsImport.ApplyAsync(k2hr3, plan.Wanted, plan.Held, chosen, token))) return;
        WriteObject(plan.Changes.Where(c => chosen.Count == 0 || chosen.Contains((c.Kind, c.Name))), enumerateCollection: true);
    }

    private async Task<(K2hr3Contents Wanted, K2hr3Contents Held, IReadOnlyList<ContentsChange> Changes)> PlanAsync(string? file,
        CancellationToken cancellationToken)
    {
        var text = file is null ? Text : await TextFile.ReadAsync(file, cancellationToken).ConfigureAwait(false);
        var k2hr3 = await Connection.GetK2hr3Async(cancellationToken).ConfigureAwait(false);
        var tenant = await K2hr3Names.TenantAsync(k2hr3, cancellationToken).ConfigureAwait(false);
        var wanted = ContentsYaml.Read(text, tenant);
        var held = await K2hr3Contents.ReadAsync(k2hr3, tenant, cancellationToken).ConfigureAwait(false);
        return (wanted, held, ContentsImport.Compare(wanted, held));
    }
}
