using System.Globalization;

namespace K2hdkcDbaas.Core.Ring;

/// <summary>How a server comes into service, or leaves it, without a key being hidden.</summary>
/// <param name="Member">The server.</param>
/// <param name="Joins">Whether it comes into service; else it leaves.</param>
/// <param name="Before">Members in service before.</param>
/// <param name="Replicas">Copies of a key beside the first.</param>
public sealed record RingPlan(string Member, bool Joins, int Before, int Replicas)
{
    /// <summary>
    /// Whether the counts are the configuration's, all of its servers taken to be in service, since the ring did not answer.
    /// </summary>
    public bool IsFromConfiguration { get; init; }

    /// <summary>Whether the server is in service already where it joins, or out of it where it leaves.</summary>
    public bool IsDone { get; init; }

    /// <summary>The share of keys, from 0 to 1, that the plain way hides: see <see cref="ShareHidden"/>.</summary>
    public double HiddenByPlainWay => IsDone ? 0 : ShareHidden(Before, Joins, Replicas);

    /// <summary>The steps of the safe way.</summary>
    public IReadOnlyList<RingStep> Steps
    {
        get
        {
            if (IsDone) return [];
            var share = HiddenByPlainWay;
            (string Member, string Action, double Share)[] steps =
            [
                ("", "wait until the ring has settled", share),
                ("", "put each key where it belongs, and remove copies from servers that do not hold it", share),
                .. share > 0 ? new[] { ("", "copy keys to the servers that will hold them", share) } : [],
                (Member, Joins ? "into service (SERVICEIN)" : "out of service (SERVICEOUT)", 0),
                ("", "wait until the ring has settled", 0),
                ("", "copy what was written meanwhile, and remove what was removed meanwhile", 0),
                ("", "remove copies from servers that hold them no longer", 0),
            ];
            return [.. steps.Select((s, i) => new RingStep(i + 1, s.Member, s.Action, s.Share))];
        }
    }

    /// <summary>
    /// The share of keys that released chmpx hides when a ring changes: only the joining or leaving server merges, so a key whose new first
    /// holder is another server without a copy is not found. Measured on chmpx 1.0.113.
    /// </summary>
    /// <param name="before">Members in service before the change.</param>
    /// <param name="joins">Whether one joins; else one leaves.</param>
    /// <param name="replicas">Copies of a key beside the first.</param>
    public static double ShareHidden(int before, bool joins, int replicas) =>
        before < 1 ? 0 : Math.Max(0, joins ? (before - replicas - 1) / (double)(before + 1) : 1 - ((replicas + 1) / (double)before));

    /// <summary>A share in words.</summary>
    /// <param name="share">From 0 to 1.</param>
    public static string Percent(double share) => share.ToString(share is > 0 and < 0.01 ? "0.0 %" : "0 %", CultureInfo.InvariantCulture);

    /// <summary>What the change comes to, in words.</summary>
    /// <param name="plain">Whether the plain way is taken, which copies no keys first.</param>
    public string Describe(bool plain) =>
        IsDone ? $"{Member} is {(Joins ? "in" : "out of")} service already"
        : plain ? $"the plain way, which hides {Percent(HiddenByPlainWay)} of the keys{Source}"
        : $"{(Joins ? "bring" : "take")} {Member} {(Joins ? "into" : "out of")} service in {Steps.Count} steps "
            + $"({string.Join("; ", Steps.Select(s => $"{s.Number}. {(s.Member.Length == 0 ? "" : s.Member + " ")}{s.Action}"))}); "
        + $"the plain way would hide {Percent(HiddenByPlainWay)} of the keys{Source}";

    /// <inheritdoc/>
    public override string ToString() => Describe(plain: false);

    private string Source => IsFromConfiguration ? ", by the configuration (the ring does not answer this host yet)" : "";
}
