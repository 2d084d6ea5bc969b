using K2hdkcDbaas.Client;
using K2hdkcDbaas.Client.Control;
using K2hdkcDbaas.Core.Flows;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Protocol;
using K2hdkcDbaas.Protocol.Ring;

namespace K2hdkcDbaas.Core.Ring;

/// <summary>
/// Tells a merge that takes its time from one that never ends, and breaks the latter off. When a server's k2hdkc does not answer its chmpx
/// within a second at the start of a merge, or a message between the two is lost, the server stays in <c>[Doing]</c> for ever; COMPMERGE is
/// refused then. ABORTMERGE frees it, but only through the control port of that very server (chmpx 1.0.113).
/// </summary>
/// <param name="client">Counts what the server stores.</param>
/// <param name="server">The server that joins or leaves.</param>
/// <param name="time">The clock.</param>
/// <param name="options">Who watches.</param>
internal sealed class StuckMerge(IK2hdkcClient client, ServerRecord server, TimeProvider time, FlowOptions options)
{
    // A leaving server's merge fetches nothing that is of use; a joining one's counts as moving as long as its store grows.
    private static readonly TimeSpan Still = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(4);

    private long _since = time.GetTimestamp();
    private long _looked = time.GetTimestamp();
    private long _stored = -1;

    /// <summary>Whether the last merge was broken off.</summary>
    public bool Aborted { get; private set; }

    /// <summary>Looks whether the merge gets on, every few seconds.</summary>
    /// <param name="cancellationToken">Ends the look.</param>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        if (time.GetElapsedTime(_looked) < LookEvery) return;
        _looked = time.GetTimestamp();
        if (client.Direct!.State.Find(server.Id) is not { Status.Merge: MergeProgress.Doing } record) return;
        var stored = await CountAsync(cancellationToken).ConfigureAwait(false);
        if (stored != _stored)
        {
            (_stored, _since) = (stored, time.GetTimestamp());
            return;
        }

        if (time.GetElapsedTime(_since) < Still) return;
        _since = time.GetTimestamp();
        options.Observer.Warning(
            $"The merge of {RingController.NameOf(record)} does not get on ({record.Status}); it is broken off (ABORTMERGE) and begun "
                + $"anew. If this repeats itself, start chmpx and k2hdkc of that node anew.");
        try
        {
            await new ControlPortClient(new HostPort(record.Name, record.ControlPort), Limit, time)
                .AbortMergeAsync(cancellationToken).ConfigureAwait(false);
            Aborted = true;
        }
        catch (DbaasException e)
        {
            options.Observer.Verbose(e.Message);
        }
    }

    // Clients write into a leaving server's store all the time.
    private async Task<long> CountAsync(CancellationToken cancellationToken)
    {
        if (client.Direct!.State.Find(server.Id)?.Status.Action == RingAction.Delete) return 0;
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
