using K2hdkcDbaas.Client;
using K2hdkcDbaas.Client.Control;
using K2hdkcDbaas.Core.Flows;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Protocol;
using K2hdkcDbaas.Protocol.Ring;

namespace K2hdkcDbaas.Core.Ring;

/// <summary>
/// Tells a merge that takes its time from one that never ends, and breaks the latter off. When a server's k2hdkc does not answer its chmpx
/// at the start of a merge, or a message between the two is lost, the server stays in <c>[Doing]</c> for ever; COMPMERGE is refused then.
/// ABORTMERGE frees it, but only through the control port of that very server (chmpx 1.0.113), and only after chmpx has given up waiting:
/// a million naps of a microsecond (<c>DEFAULT_GETLTS_LOOP</c> in chmeventmq.h), which take about a minute.
/// </summary>
/// <param name="client">Counts what the server stores.</param>
/// <param name="server">The server that joins or leaves.</param>
/// <param name="control">Where this host reaches its control port.</param>
/// <param name="time">The clock.</param>
/// <param name="still">How long a merge may stand still; it moves as long as the server's store grows.</param>
/// <param name="options">Who watches.</param>
internal sealed class StuckMerge(
    IK2hdkcClient client, ServerRecord server, HostPort control, TimeProvider time, TimeSpan still, FlowOptions options)
{
    private const int MostAborts = 2;

    // Clients write into a leaving server's store all the time, so growth proves little there.
    private const int MostOfLeaving = 5;

    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(4);

    private long _since = time.GetTimestamp();
    private long _looked = time.GetTimestamp();
    private long _begun = time.GetTimestamp();
    private long _stored = -1;
    private int _aborts;

    /// <summary>Whether a merge was broken off.</summary>
    public bool Aborted => _aborts > 0;

    /// <summary>Looks whether the merge gets on, every few seconds.</summary>
    /// <param name="cancellationToken">Ends the look.</param>
    /// <exception cref="DbaasException">It was broken off more than once, and stands still again.</exception>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        if (time.GetElapsedTime(_looked) < LookEvery) return;
        _looked = time.GetTimestamp();
        if (client.Direct!.State.Find(server.Id) is not { Status.Merge: MergeProgress.Doing } record) return;
        var stored = await CountAsync(cancellationToken).ConfigureAwait(false);
        var mayGrow = record.Status.Action != RingAction.Delete || time.GetElapsedTime(_begun) < still * MostOfLeaving;
        if (stored != _stored && mayGrow)
        {
            (_stored, _since) = (stored, time.GetTimestamp());
            return;
        }

        if (time.GetElapsedTime(mayGrow ? _since : _begun) < still) return;
        _since = _begun = time.GetTimestamp();
        var name = RingController.NameOf(record);
        if (_aborts == MostAborts)
            throw new DbaasException(ErrorKind.Timeout, ErrorIds.MergeStuck,
                $"The merge of {name} is stuck ({record.Status}), also after it was broken off {_aborts} times.",
                $"Restart both chmpx and k2hdkc of {name}, and wait until it is in service again (Get-K2hdkcNodeStatus). No key is lost: "
                    + "then run the same command again, or Sync-K2hdkcRing.")
            { Target = name };
        options.Observer.Warning(
            $"The merge of {name} is not making progress ({record.Status}); it is broken off (ABORTMERGE) and started again.");
        try
        {
            await new ControlPortClient(control, Limit, time).AbortMergeAsync(cancellationToken).ConfigureAwait(false);
            _aborts++;
        }
        catch (DbaasException e)
        {
            options.Observer.Verbose(e.Message);
        }
    }

    private async Task<long> CountAsync(CancellationToken cancellationToken)
    {
        try
        {
            return (await client.GetStatesAsync(cancellationToken).ConfigureAwait(false))
                .FirstOrDefault(s => s.Id == server.Id)?.State?.AssignedElementCount ?? 0;
        }
        catch (DbaasException)
        {
            return 0;
        }
    }
}
