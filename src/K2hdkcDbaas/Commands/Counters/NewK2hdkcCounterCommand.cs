using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Model;

namespace K2hdkcDbaas.Commands;

/// <summary>Creates a counter.</summary>
[Cmdlet(VerbsCommon.New, "K2hdkcCounter", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low,
    DefaultParameterSetName = RingSets.Current)]
[OutputType(typeof(K2hdkcCounter))]
public sealed class NewK2hdkcCounterCommand : CounterCmdlet
{
    /// <summary>The counter, as text or bytes. A key that is there already is only overwritten with -Force.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [KeyArgument]
    [ValidateNotNull]
    public KeyReference Key { get; set; } = null!;

    /// <summary>The value to begin with.</summary>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    public ulong Value { get; set; }

    /// <summary>How many bits it has: 8, 16, 32 or 64. It wraps around at this width. 64 when not given.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateSet("8", "16", "32", "64")]
    public int Width { get; set; } = 64;

    /// <summary>
    /// After what time the counter is gone: seconds, text such as 90s, 1h or 30d, or a TimeSpan; a fraction of a second counts as a
    /// second. Never when not given.
    /// </summary>
    [Parameter]
    [Duration]
    public TimeSpan? ExpiresIn { get; set; }

    /// <summary>Overwrites a key that is there already.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (!ShouldProcess(Key.ToString(), "Create counter")) return;
        var (client, key, stored) = (Client, Key, Key.Stored(Bare));
        var done = TryRun(key.Value, async (_, token) =>
        {
            var value = Fitting(Value, Width);
            if (!Force && await KeyErrors.ExistsAsync(client, stored, token).ConfigureAwait(false))
            {
                throw new DbaasException(
                    ErrorKind.AlreadyExists, "KeyExists", $"There is a key '{key}' already; nothing was changed.",
                    "Read it with Get-K2hdkcCounter, or overwrite it with -Force.")
                { Target = key.Value };
            }

            await client.InitializeCounterAsync(stored, value, Options(ExpiresIn), token).ConfigureAwait(false);
            return value;
        }, out var made);
        if (done) WriteObject(Shown((stored, made)));
    }
}
