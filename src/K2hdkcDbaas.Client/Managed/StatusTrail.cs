using K2hdkcDbaas.Protocol.Ring;

namespace K2hdkcDbaas.Client.Managed;

/// <summary>
/// The states of one server in the order in which this client has learned them, and who has told each. Not safe for use from several
/// threads.
/// </summary>
/// <remarks>
/// Every server tells each change that it learns to all its slaves, so a change comes once over each connection, and status times order
/// records by whole seconds only (chmpx, <c>CompareStatusUpdateTime</c>). A server that tells late would lead this client back to a ring
/// that is gone: to members that hold old copies of keys which have been written elsewhere since.
/// </remarks>
internal sealed class StatusTrail
{
    private const int MaxSteps = 32;

    private readonly List<Step> _steps = [];

    /// <summary>Whether a record is a state left behind already, told by a server that has not got to the present one yet.</summary>
    /// <param name="teller">Id of the server that tells it.</param>
    /// <param name="record">The record.</param>
    public bool IsLateRepeat(ulong teller, ServerRecord record)
    {
        if (_steps.Find(s => s.Is(record)) is not { } told) return false;
        told.Tellers.Add(teller);
        return told != _steps[^1] && !_steps[^1].Tellers.Contains(teller);
    }

    /// <summary>Notes a state that this client has taken over.</summary>
    /// <param name="teller">Id of the server that told it.</param>
    /// <param name="record">The record.</param>
    public void TakeOver(ulong teller, ServerRecord record)
    {
        // From one that lags, and nobody else has told it: what that one tells next may be anything, also what is here.
        if (_steps.Count > 0 && !_steps[^1].Tellers.Contains(teller)) _steps.Clear();
        _steps.RemoveAll(s => s.Is(record));
        if (_steps.Count == MaxSteps) _steps.RemoveAt(0);
        _steps.Add(new Step(record.Status, record.StatusTime, [teller]));
    }

    private sealed record Step(NodeStatus Status, StatusTime Time, HashSet<ulong> Tellers)
    {
        public bool Is(ServerRecord record) => record.Status == Status && record.StatusTime == Time;
    }
}
