using System.Globalization;
using System.Text;

namespace K2hdkcDbaas.Sandbox.Guests;

/// <summary>
/// Which Trove instances form which K2HDKC cluster: those of one project whose configuration names the same cluster. Each gets its
/// configuration again when one comes or goes.
/// </summary>
internal sealed class DatabaseRings : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Dictionary<Guest, IReadOnlyDictionary<string, string>> _members = [];

    /// <summary>Takes a guest into the cluster that the configuration names.</summary>
    public async Task JoinAsync(Guest guest, IReadOnlyDictionary<string, string> configuration, CancellationToken ct)
    {
        await _turn.WaitAsync(ct).ConfigureAwait(false);
        try
        {
            var before = _members.GetValueOrDefault(guest);
            if (before is not null && Cluster(guest, before) != Cluster(guest, configuration))
            {
                await guest.Node.LeaveAsync(ct).ConfigureAwait(false);
                _members.Remove(guest);
                await SpreadAsync(guest, before, ct).ConfigureAwait(false);
            }

            _members[guest] = configuration;
            await SpreadAsync(guest, configuration, ct).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Takes a guest out of its cluster.</summary>
    /// <param name="guest">The guest.</param>
    /// <param name="inOrder">Whether its data is moved to the others first; false for a machine that is gone.</param>
    /// <param name="ct">Cancels the wait for the data to move.</param>
    public async Task LeaveAsync(Guest guest, bool inOrder, CancellationToken ct)
    {
        await _turn.WaitAsync(ct).ConfigureAwait(false);
        try
        {
            if (!_members.TryGetValue(guest, out var configuration))
            {
                return;
            }

            if (inOrder)
            {
                await guest.Node.LeaveAsync(ct).ConfigureAwait(false);
            }

            _members.Remove(guest);
            await SpreadAsync(guest, configuration, ct).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private static (string Project, string Name) Cluster(Guest guest, IReadOnlyDictionary<string, string> configuration)
        => (guest.Description.ProjectId, configuration.GetValueOrDefault("cluster-name", ""));

    private async Task SpreadAsync(Guest changed, IReadOnlyDictionary<string, string> configuration, CancellationToken ct)
    {
        var cluster = Cluster(changed, configuration);
        var members = _members.Where(each => Cluster(each.Key, each.Value) == cluster).Select(each => each.Key).ToList();
        var text = Write(cluster.Name, members, configuration);
        foreach (var member in members)
        {
            var news = await member.Node.ApplyAsync(text, $"trove:{cluster.Project}:{cluster.Name}", ct).ConfigureAwait(false);
            if (news is not null)
            {
                member.Console.Program("guest-agent", news);
            }
        }
    }

    private static string Write(string name, List<Guest> members, IReadOnlyDictionary<string, string> configuration)
    {
        var port = configuration.GetValueOrDefault("chmpx-server-port", "8020");
        var control = configuration.GetValueOrDefault("chmpx-server-ctlport", "8021");
        var slave = configuration.GetValueOrDefault("chmpx-slave-ctlport", "8031");
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture,
            $"[GLOBAL]\nFILEVERSION = 1\nGROUP = {name}\nMODE = SERVER\nCHMPXIDTYPE = CUSTOM\nDELIVERMODE = hash\nMAXCHMPX = 256\nREPLICA "
                + $"= 1\n")
            .Append(CultureInfo.InvariantCulture,
                $"PORT = {port}\nCTLPORT = {control}\nSELFCTLPORT = {control}\nSELFCUK = {GuestNode.SelfCuk}\nAUTOMERGE = on\nDOMERGE = "
                    + $"on\nSSL = no\n");
        // The guest agent of the k2hdkc datastore gives its host name as seed, which Nova makes of the instance's name.
        foreach (var member in members.Select(each => each.Description).OrderBy(each => each.Address, StringComparer.Ordinal))
        {
            text.Append(CultureInfo.InvariantCulture,
                $"\n[SVRNODE]\nNAME = {member.Address}\nCUK = {member.Id}\nPORT = {port}\nCTLPORT = {control}\nCUSTOM_ID_SEED = "
                    + $"{member.HostName}\nSSL = no\n");
        }

        return text.Append(CultureInfo.InvariantCulture, $"\n[SLVNODE]\nNAME = 127.0.0.1\nCUK = .*\nCTLPORT = {slave}\nSSL = no\n")
            .ToString();
    }
}
