using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Core.Backends;
using K2hdkcDbaas.Core.Model;

namespace K2hdkcDbaas.Commands;

/// <summary>Gets what the project may have and has: Nova's limits, or Trove's quotas.</summary>
[Cmdlet(VerbsCommon.Get, "K2hdkcQuota")]
[OutputType(typeof(Quota))]
public sealed class GetK2hdkcQuotaCommand : BackendCmdlet
{
    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var quotas = FeatureOf<IQuotas>(null);
        if (TryRun(Backend, (_, token) => quotas.GetQuotasAsync(token), out var found)) WriteObject(found, enumerateCollection: true);
    }
}
