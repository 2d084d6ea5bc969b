using System.Net;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Sandbox.Nodes;

namespace K2hdkcDbaas.Sandbox.Guests;

/// <summary>The K2HDKC node in a guest: there as soon as a configuration names it, then held to each new one.</summary>
internal sealed class GuestNode(GuestDescription guest, INodeRuntime? nodes) : IDisposable
{
    /// <summary>What stands for the own key in a configuration before it is written down.</summary>
    public const string SelfCuk = "__SELF_INSTANCE_ID__";

    private readonly SemaphoreSlim _turn = new(1, 1);
    private INode? _node;
    private string? _applied;
    private ReadOnlyMemory<byte> _data = guest.Snapshot;

    /// <summary>Whether the machine is on; only then a node starts.</summary>
    public bool IsOn { get; set; }

    /// <summary>What the node runs: what the resource's list of services says.</summary>
    public NodeRole Role { get; set; }

    /// <summary>Starts the node or gives it a new configuration.</summary>
    /// <returns>What to note; null when nothing changed.</returns>
    public async Task<string?> ApplyAsync(string configuration, string role, CancellationToken ct)
    {
        await _turn.WaitAsync(ct).ConfigureAwait(false);
        try
        {
            var own = configuration.Replace(SelfCuk, guest.Id, StringComparison.Ordinal);
            return IsOn && own != _applied ? await TakeOverAsync(own, role, ct).ConfigureAwait(false) : null;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Stops the node as a killed process stops; its data stays for the next start.</summary>
    public Task StopAsync(CancellationToken ct) => EndAsync(node => node.StopAsync(ct), ct);

    /// <summary>Lets the node leave its ring in order: its data is with the others when this returns.</summary>
    public Task LeaveAsync(CancellationToken ct) => EndAsync(node => node.LeaveAsync(ct), ct);

    public async Task<ReadOnlyMemory<byte>> SnapshotAsync(CancellationToken ct)
    {
        await _turn.WaitAsync(ct).ConfigureAwait(false);
        try
        {
            return _node is null ? _data : await _node.SnapshotAsync(ct).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private async Task<string> TakeOverAsync(string own, string role, CancellationToken ct)
    {
        if (nodes is null || !IPAddress.TryParse(guest.Address, out var address))
        {
            _applied = own;
            return "new configuration written";
        }

        try
        {
            if (_node is null)
            {
                var slash = role.LastIndexOf('/');
                _node = await nodes.StartAsync(
                    new NodeDescription
                    {
                        Cluster = slash < 0 ? role : role[..slash],
                        Configuration = own,
                        Cuk = guest.Id,
                        Address = address,
                        InstanceId = guest.Id,
                        Role = Role,
                        Snapshot = _data,
                    },
                    ct).ConfigureAwait(false);
            }
            else
            {
                await _node.ReconfigureAsync(own, ct).ConfigureAwait(false);
            }

            _applied = own;
            return "new configuration written and taken over";
        }
        catch (Exception e) when (e is DbaasException or IOException)
        {
            // Tried again at the next turn: the own entry may still be missing in the text.
            return $"chmpx does not take the configuration: {e.Message}";
        }
    }

    private async Task EndAsync(Func<INode, Task> end, CancellationToken ct)
    {
        await _turn.WaitAsync(ct).ConfigureAwait(false);
        try
        {
            if (_node is { } node)
            {
                await end(node).ConfigureAwait(false);
                _data = await node.SnapshotAsync(ct).ConfigureAwait(false);
                _node = null;
                await node.DisposeAsync().ConfigureAwait(false);
            }

            _applied = null;
        }
        finally
        {
            _turn.Release();
        }
    }
}
