using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Completers;
using K2hdkcDbaas.Core.Flows;
using K2hdkcDbaas.Core.Ring;
using K2hdkcDbaas.Model;

namespace K2hdkcDbaas.Commands;

/// <summary>
/// Looks where the keys of a ring are, server by server: who is to hold each key, who has it, and who has another copy of it.
/// </summary>
[Cmdlet(VerbsDiagnostic.Test, "K2hdkcRing", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium,
    DefaultParameterSetName = RingSets.Current)]
[OutputType(typeof(RingFindings), typeof(K2hdkcKeyPlacement))]
public sealed class TestK2hdkcRingCommand : ControlCmdlet
{
    private readonly List<KeyReference> _keys = [];

    /// <summary>The cluster, by name, id or object. The pipeline brings keys, so that it is not taken from there.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = RingSets.Cluster)]
    [ArgumentCompleter(typeof(ClusterCompleter))]
    [ClusterArgument]
    [ValidateNotNull]
    public override ClusterReference? Cluster { get; set; }

    /// <summary>The keys to look at, as text or bytes; all keys of the ring when none is given.</summary>
    [Parameter(Position = 1, ValueFromPipeline = true)]
    [KeyArgument]
    [ValidateNotNullOrEmpty]
    public KeyReference[] Key { get; set; } = [];

    /// <summary>Of the keys given, looks at so many, chosen at random.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int Sample { get; set; }

    /// <summary>Returns where each key is: each one of those given, or of all keys those that are not where they belong.</summary>
    [Parameter]
    public SwitchParameter Detailed { get; set; }

    /// <summary>Puts the newest copy of each key where it belongs, and removes copies from servers that are no holders.</summary>
    [Parameter]
    public SwitchParameter Repair { get; set; }

    /// <summary>Text keys are stored without a trailing NUL.</summary>
    [Parameter]
    public SwitchParameter Bare { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => _keys.AddRange(Key);

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        // A pipeline without a key means no key; "all of them" is meant only where nothing is piped.
        if (MyInvocation.ExpectingInput && _keys.Count == 0) return;
        var source = Source;
        var given = Sample > 0 && Sample < _keys.Count ? [.. _keys.OrderBy(_ => Random.Shared.Next()).Take(Sample)] : _keys;
        IReadOnlyList<ReadOnlyMemory<byte>>? keys = given.Count == 0 ? null : [.. given.Select(k => k.Stored(Bare))];
        // Asked once, before anything is read: thousands of keys cannot be asked about one by one.
        var repairs = Repair
            && ShouldProcess(RingName, keys is null ? "Put every key where it belongs" : $"Put {keys.Count} keys where they belong");
        Run(RingName, async (output, token) =>
        {
            var ring = await NodesAsync(source, token).ConfigureAwait(false);
            var findings = await ring.TestAsync(keys, repairs ? _ => true : null, async places =>
            {
                if (Detailed) await output.WriteAsync(new K2hdkcKeyPlacement(places), token).ConfigureAwait(false);
            }, new FlowOptions { Observer = output.Observer }, token).ConfigureAwait(false);
            if (!Detailed) await output.WriteAsync(findings, token).ConfigureAwait(false);
            else output.Verbose(findings.ToString());
        });
    }
}
