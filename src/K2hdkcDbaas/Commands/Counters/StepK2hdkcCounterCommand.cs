using System.Globalization;
using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Client;
using K2hdkcDbaas.Client.Model;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Model;

namespace K2hdkcDbaas.Commands;

/// <summary>Adds to counters, or takes from them; no other client's change is lost. They wrap around at their width.</summary>
[Cmdlet(VerbsCommon.Step, "K2hdkcCounter", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low,
    DefaultParameterSetName = RingSets.Current)]
[OutputType(typeof(K2hdkcCounter))]
public sealed class StepK2hdkcCounterCommand : CounterCmdlet
{
    /// <summary>The counters, as text or bytes.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [KeyArgument]
    [ValidateNotNullOrEmpty]
    public KeyReference[] Key { get; set; } = [];

    /// <summary>
    /// What to add; negative to take away. One step up or down is a single request, anything else is compared and set until it holds.
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

    /// <summary>Returns the counter with the value that this very step has given it.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var key in Key)
        {
            if (!ShouldProcess(key.ToString(), $"Step counter by {By}")) continue;
            var client = Client;
            string? wrapped = null;
            var done = TryRun(key.Value,
                (_, token) => FindingAsync(key, stored => StepAsync(client, stored, before => wrapped = Wrapped(key, before), token)),
                out var found);
            if (wrapped is not null) WriteWarning(wrapped);
            if (done && PassThru) WriteObject(Shown(found));
        }
    }

    private async Task<CounterValue> StepAsync(IK2hdkcClient client, ReadOnlyMemory<byte> stored, Action<CounterValue> onWrap,
        CancellationToken cancellationToken)
    {
        // The servers step any 1, 2, 4 or 8 bytes, a text of that length too.
        var before = await client.GetCounterAsync(stored, Options(ExpiresIn), cancellationToken).ConfigureAwait(false);
        if (before.AsText is { } text)
        {
            throw new DbaasException(
                ErrorKind.Conflict, K2hdkcErrors.NotACounter, $"The value is the text '{text}', not a counter.",
                "Read it with Get-K2hdkcKey, or make a counter of it with New-K2hdkcCounter.");
        }

        CounterValue after = default;
        if (PassThru || By is not (1 or -1))
        {
            after = await client.AddToCounterAsync(stored, By, Options(ExpiresIn), cancellationToken).ConfigureAwait(false);
            before = after.Plus(unchecked(-By));
        }
        else
        {
            // This single request does not tell the value.
            await client.StepCounterAsync(stored, By > 0, Options(ExpiresIn), cancellationToken).ConfigureAwait(false);
        }

        if (before.Wraps(By)) onWrap(before);
        return after;
    }

    private string Wrapped(KeyReference key, CounterValue before) =>
        $"The counter '{key}' wrapped around: {before} {(By < 0 ? "-" : "+")} {By.ToString(CultureInfo.InvariantCulture).TrimStart('-')} "
            + $"is {before.Plus(By)} in {8 * (int)before.Width} bits.";
}
