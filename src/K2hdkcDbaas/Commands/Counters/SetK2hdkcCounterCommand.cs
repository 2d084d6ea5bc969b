using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Client;
using K2hdkcDbaas.Client.Model;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Model;

namespace K2hdkcDbaas.Commands;

/// <summary>Sets a counter; with -Expected only if it has that value (compare and swap).</summary>
[Cmdlet(VerbsCommon.Set, "K2hdkcCounter", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low,
    DefaultParameterSetName = RingSets.Current)]
[OutputType(typeof(K2hdkcCounter))]
public sealed class SetK2hdkcCounterCommand : CounterCmdlet
{
    private const int Attempts = 100;

    /// <summary>The counter, as text or bytes.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [KeyArgument]
    [ValidateNotNull]
    public KeyReference Key { get; set; } = null!;

    /// <summary>The value to give it. It keeps its width.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true)]
    public ulong Value { get; set; }

    /// <summary>The value that it must have; when it has another one, nothing is changed and the error is CounterChanged.</summary>
    [Parameter(Position = 2, ValueFromPipelineByPropertyName = true)]
    public ulong? Expected { get; set; }

    /// <summary>
    /// After what time the counter is gone: seconds, text such as 90s, 1h or 30d, or a TimeSpan; a fraction of a second counts as a
    /// second. Never when not given.
    /// </summary>
    [Parameter]
    [Duration]
    public TimeSpan? ExpiresIn { get; set; }

    /// <summary>Returns the counter.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (!ShouldProcess(Key.ToString(), $"Set counter to {Value}")) return;
        var (client, key) = (Client, Key);
        if (TryRun(key.Value, (_, token) => FindingAsync(key, stored => SwapAsync(client, key, stored, token)), out var found) && PassThru)
            WriteObject(Shown(found));
    }

    private async Task<CounterValue> SwapAsync(IK2hdkcClient client, KeyReference key, ReadOnlyMemory<byte> stored,
        CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            // Its width is known from reading it alone.
            var present = await client.GetCounterAsync(stored, Options(), cancellationToken).ConfigureAwait(false);
            var value = Fitting(Value, (int)present.Width * 8);
            if (Expected is { } expected && expected != present.Value) throw Changed(key, expected, present.Value);
            if (await client.CompareAndSetCounterAsync(stored, present, value, Options(ExpiresIn), cancellationToken).ConfigureAwait(false))
                return value;
        }

        throw new DbaasException(
            ErrorKind.Conflict, K2hdkcErrors.CounterContended, $"The counter '{key}' changed {Attempts} times while it was to be set.",
            "Set it when fewer others change it.")
        { Target = key.Value };
    }

    private static DbaasException Changed(KeyReference key, ulong expected, ulong present) => new(
        ErrorKind.Conflict, "CounterChanged", $"The counter '{key}' is {present}, not {expected}; nothing was changed.",
        "Read it again and decide again.")
    { Target = key.Value };
}
