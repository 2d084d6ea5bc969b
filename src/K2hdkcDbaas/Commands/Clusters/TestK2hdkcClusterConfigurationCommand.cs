using System.Management.Automation;
using System.Text.Json;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Completers;
using K2hdkcDbaas.Core.Backends;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Core.Registry;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Templates;

namespace K2hdkcDbaas.Commands;

/// <summary>Expands a cluster's template for each role and checks the INI as a node would read it.</summary>
[Cmdlet(VerbsDiagnostic.Test, "K2hdkcClusterConfiguration")]
[OutputType(typeof(ClusterConfigurationReport), typeof(bool))]
public sealed class TestK2hdkcClusterConfigurationCommand : BackendCmdlet
{
    /// <summary>The clusters, by name, id or object.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ClusterCompleter))]
    [Alias("Name")]
    [ValidateNotNullOrEmpty]
    [ClusterArgument]
    public ClusterReference[] Cluster { get; set; } = [];

    /// <summary>Whose configuration to check; both when not given.</summary>
    [Parameter(Position = 1)]
    public NodeRole[] Role { get; set; } = [NodeRole.Server, NodeRole.Slave];

    /// <summary>A changed template, tried instead of the cluster's own text; keys and hosts stay the cluster's.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Text { get; set; }

    /// <summary>The release of k2hr3_api whose rules hold; 2.0.3 when not given.</summary>
    [Parameter]
    [ValidateSet("1.0.42", "2.0.3")]
    public string ApiVersion { get; set; } = "2.0.3";

    /// <summary>Returns only whether the configuration is valid.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var reference in Cluster)
        {
            var backend = BackendOf(reference);
            if (!TryRun(reference.Name, (_, token) => CheckAsync(backend, reference.Key, token), out var reports)) continue;
            if (Quiet) WriteObject(reports!.TrueForAll(r => r.IsValid));
            else WriteObject(reports, enumerateCollection: true);
        }
    }

    private async Task<List<ClusterConfigurationReport>> CheckAsync(IClusterBackend backend, string cluster,
        CancellationToken cancellationToken)
    {
        var k2hr3 = await Connection.GetK2hr3Async(cancellationToken).ConfigureAwait(false);
        var tenant = await K2hr3Names.TenantAsync(k2hr3, cancellationToken).ConfigureAwait(false);
        var reports = new List<ClusterConfigurationReport>();
        foreach (var role in Role.Distinct())
        {
            var configuration =
                await backend.GetConfigurationAsync(cluster, role, expanded: false, cancellationToken).ConfigureAwait(false);
            var keys = (TemplateMap)TemplateJson.ToValue(
                JsonSerializer.SerializeToElement(JsonValues.From(configuration.Keys.ToDictionary(k => k.Key, k => k.Value))))!;
            try
            {
                var trial = new TemplateTrial(keys, RoleHosts.Read(null), k2hr3, tenant);
                var version = ApiVersion == "1.0.42" ? K2hr3Version.V1 : K2hr3Version.V2;
                var (expansion, _) = await trial.ExpandAsync(Text ?? configuration.Text, version, cancellationToken).ConfigureAwait(false);
                reports.Add(ClusterConfigurationCheck.Run(configuration.Cluster, role, expansion.Text, expansion.Missing));
            }
            catch (DbaasException e) when (e.ErrorId == Core.ErrorIds.K2hr3TemplateInvalid)
            {
                reports.Add(ClusterConfigurationCheck.Failed(configuration.Cluster, role, e));
            }
        }

        return reports;
    }
}
