using System.Management.Automation;
using System.Security;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Client.Model;
using K2hdkcDbaas.Commands;
using K2hdkcDbaas.Model;

namespace K2hdkcDbaas.Base;

/// <summary>
/// A cmdlet that works with counters: keys whose value is an unsigned number of 8 to 64 bits, which servers can compare and set.
/// </summary>
public abstract class CounterCmdlet : DataCmdlet
{
    /// <summary>The pass phrase that the counter is encrypted with.</summary>
    [Parameter]
    public SecureString? PassPhrase { get; set; }

    /// <summary>Means text without a trailing NUL only; otherwise a counter that is there is found without it, too.</summary>
    [Parameter]
    public SwitchParameter Bare { get; set; }

    /// <summary>How the counter is used.</summary>
    private protected CounterOptions Options(TimeSpan? expiresIn = null) =>
        new() { PassPhrase = Secret.Reveal(PassPhrase), ExpiresIn = expiresIn };

    /// <summary>What users see of a counter.</summary>
    private protected static K2hdkcCounter Shown((ReadOnlyMemory<byte> Stored, CounterValue Value) found)
    {
        var key = KeyReference.Of(found.Stored);
        return new() { Key = key.Value, IsBare = key.IsBare, Value = found.Value.Value, Width = (int)found.Value.Width * 8 };
    }

    /// <summary>Makes a call on a counter that is there, with a trailing NUL or without, and tells which.</summary>
    private protected Task<(ReadOnlyMemory<byte> Stored, CounterValue Value)> FindingAsync(KeyReference key,
        Func<ReadOnlyMemory<byte>, Task<CounterValue>> call) =>
        KeyErrors.FindingAsync(key, Bare, async stored => (stored, await call(stored).ConfigureAwait(false)));

    /// <summary>Makes a counter's value, or says why it cannot be one.</summary>
    private protected static CounterValue Fitting(ulong value, int bits) =>
        bits == 64 || value < 1UL << bits ? new CounterValue(value, (CounterWidth)(bits / 8)) : throw new Errors.DbaasException(
            Errors.ErrorKind.InvalidInput, StoredValue.Unfit, $"{value} is too large for a counter of {bits} bits.",
            "Give a smaller value, or make the counter wider.");
}
