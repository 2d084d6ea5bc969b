using System.Management.Automation;
using System.Security;
using K2hdkcDbaas.Client.Model;

namespace K2hdkcDbaas.Commands;

/// <summary>A cmdlet that works with counters: keys whose value is an unsigned number of 8 to 64 bits, which servers can compare and set.</summary>
public abstract class CounterCommand : DataCommand
{
    /// <summary>The pass phrase that the counter is encrypted with.</summary>
    [Parameter]
    public SecureString? PassPhrase { get; set; }

    /// <summary>Means text without a trailing NUL.</summary>
    [Parameter]
    public SwitchParameter Bare { get; set; }

    /// <summary>How the counter is used.</summary>
    private protected CounterOptions Options(TimeSpan? expiresIn = null) => new() { PassPhrase = Secret.Reveal(PassPhrase), ExpiresIn = expiresIn };

    /// <summary>What users see of a counter.</summary>
    private protected K2hdkcCounter Shown(KeyReference key, CounterValue value) => new() { Key = key.Value, IsBare = key.Exactly(Bare).IsBare, Value = value.Value, Width = (int)value.Width * 8 };

    /// <summary>Makes a counter's value, or says why it cannot be one.</summary>
    private protected static CounterValue Fitting(ulong value, int bits) =>
        bits == 64 || value < 1UL << bits ? new CounterValue(value, (CounterWidth)(bits / 8)) : throw new Faults.DbaasException(
            Faults.FaultKind.InvalidInput, StoredValue.Unfit, $"{value} is too large for a counter of {bits} bits.", "Give a smaller value, or make the counter wider.");
}
