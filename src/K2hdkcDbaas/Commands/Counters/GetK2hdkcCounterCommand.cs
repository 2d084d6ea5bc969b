using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Model;

namespace K2hdkcDbaas.Commands;

/// <summary>Reads counters.</summary>
[Cmdlet(VerbsCommon.Get, "K2hdkcCounter", DefaultParameterSetName = RingSets.Current)]
[OutputType(typeof(K2hdkcCounter))]
public sealed class GetK2hdkcCounterCommand : CounterCmdlet
{
    /// <summary>The counters, as text or bytes.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [KeyArgument]
    [ValidateNotNullOrEmpty]
    public KeyReference[] Key { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var key in Key)
        {
            var client = Client;
            if (TryRun(key.Value, (_, token) => FindingAsync(key, stored => client.GetCounterAsync(stored, Options(), token)),
                out var found)) WriteObject(Shown(found));
        }
    }
}
