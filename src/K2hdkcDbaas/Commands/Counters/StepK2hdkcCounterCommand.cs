using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Client;
using K2hdkcDbaas.Client.Model;
using K2hdkcDbaas.Model;

namespace K2hdkcDbaas.Commands;

/// <summary>Adds to counters, or takes from them; no other client's change is lost. They wrap around at their width.</summary>
[Cmdlet(VerbsCommon.Step, "K2hdkcCounter", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(K2hdkcCounter))]
public sealed class StepK2hdkcCounterCommand : CounterCmdlet
{
    /// <summary>The counters, as text or bytes.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [KeyArgument]
    [ValidateNotNullOrEmpty]
    public KeyReference[] Key { get; set; } = [];

    /// <summary>
    /// What to add; negative to take away. One step up or down is a single request, all else is compared and set until it holds.
    /// </summary>
    [Parameter(Position = 1)]
    public long By { get; set; } = 1;

    /// <summary>
    /// After what time the counter is gone: seconds, text such as 90s, 1h or 30d, or a TimeSpan; a fraction of a second counts as a
    /// second. Never when not given.
    /// </summary>
    [Parameter]
    [Duration]
    public TimeSpan? ExpiresIn { get; set; }

    /// <summary>Puts out the counter with the value that this very step has given it.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var key in Key)
        {
            if (!ShouldProcess(key.ToString(), $"Step counter by {By}")) continue;
            var client = Client;
            if (TryRun(key.Value, (_, token) => FindingAsync(key, stored => StepAsync(client, stored, token)), out var found) && PassThru) WriteObject(Shown(found));
        }
    }

    private async Task<CounterValue> StepAsync(IK2hdkcClient client, ReadOnlyMemory<byte> stored, CancellationToken cancellationToken)
    {
        // The single request does not tell the value.
        if (PassThru || By is not (1 or -1)) return await client.AddToCounterAsync(stored, By, Options(ExpiresIn), cancellationToken).ConfigureAwait(false);
        await client.StepCounterAsync(stored, By > 0, Options(ExpiresIn), cancellationToken).ConfigureAwait(false);
        return default;
    }
}
