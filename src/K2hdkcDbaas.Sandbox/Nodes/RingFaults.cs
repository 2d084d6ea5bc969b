using System.IO.Enumeration;
using K2hdkcDbaas.Protocol.Ring;

namespace K2hdkcDbaas.Sandbox.Nodes;

/// <summary>
/// Merges that do not come to an end, as they now and then do not on real rings: <c>[DELETE][Doing]</c>, <c>[ADD][Done]</c>.
/// </summary>
/// <remarks>
/// A merge that is stuck while it is <see cref="MergeProgress.Doing"/> has fetched nothing; ABORTMERGE through the merging server's own
/// control port, or that server's end, frees the ring. One that is stuck when <see cref="MergeProgress.Done"/> has fetched everything and
/// waits for COMPMERGE.
/// </remarks>
public sealed class RingFaults
{
    private readonly List<(string Cluster, MergeProgress At)> _waiting = [];

    /// <summary>Lets the next merge of a ring stop on its way, once.</summary>
    /// <param name="cluster">Names of the clusters it is for; * and ? stand for any characters and any one.</param>
    /// <param name="at">Where: <see cref="MergeProgress.Doing"/> or <see cref="MergeProgress.Done"/>.</param>
    /// <exception cref="ArgumentException">A merge cannot stop there.</exception>
    public void StickNextMerge(string cluster, MergeProgress at)
    {
        ArgumentException.ThrowIfNullOrEmpty(cluster);
        if (at is not (MergeProgress.Doing or MergeProgress.Done))
            throw new ArgumentException("A merge is stuck in Doing or in Done.", nameof(at));
        lock (_waiting) _waiting.Add((cluster, at));
    }

    /// <summary>Takes back what no merge has met yet.</summary>
    public void Clear()
    {
        lock (_waiting) _waiting.Clear();
    }

    internal bool Takes(string cluster, MergeProgress at)
    {
        lock (_waiting)
        {
            var found = _waiting.FindIndex(w => w.At == at && FileSystemName.MatchesSimpleExpression(w.Cluster, cluster));
            if (found < 0) return false;
            _waiting.RemoveAt(found);
            return true;
        }
    }
}
