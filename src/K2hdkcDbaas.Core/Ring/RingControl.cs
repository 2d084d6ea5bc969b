using K2hdkcDbaas.Core.Flows;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Core.Sessions;
using K2hdkcDbaas.Errors;

namespace K2hdkcDbaas.Core.Ring;

/// <summary>
/// The rings of a session's clusters, each steered by a <see cref="RingController"/> from a host that is let in for as long as it takes.
/// </summary>
internal sealed class RingControl(TimeProvider time, K2hr3Access? access = null) : IRingControl
{
    /// <inheritdoc/>
    public Task LeaveAsync(RingMembers ring, ClusterNode node, FlowOptions options, CancellationToken cancellationToken) =>
        Controller(ring).LeaveAsync(ring.ToNode(node), node.Name, options, cancellationToken);

    /// <inheritdoc/>
    public async Task<IMergeHold> HoldMergesAsync(RingMembers ring, FlowOptions options, CancellationToken cancellationToken)
    {
        var controller = Controller(ring);
        var pass = await controller.AdmitAsync(options, cancellationToken).ConfigureAwait(false);
        try
        {
            var hold = await controller.HoldMergesAsync(options, cancellationToken).ConfigureAwait(false);
            return new AdmittedHold(hold, pass, () => controller.AdmitAsync(options, cancellationToken), cancellationToken);
        }
        catch
        {
            await pass.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private RingController Controller(RingMembers ring) =>
        new(ring.ToConfiguration(), time, access is null ? null : new RingAdmission(ring.Cluster, access.ClientAsync, time));

    /// <summary>A hold that this host can end also when whoever had let it in has left the role meanwhile.</summary>
    private sealed class AdmittedHold(IMergeHold hold, RingPass pass, Func<Task<RingPass>> admit, CancellationToken stop) : IMergeHold
    {
        public Task<bool> RenewAsync(CancellationToken cancellationToken) => hold.RenewAsync(cancellationToken);

        public async ValueTask DisposeAsync()
        {
            if (stop.IsCancellationRequested)
            {
                // A second is all there is; nodes do not notice at once that this host leaves the role.
                await Task.WhenAll(hold.DisposeAsync().AsTask(), pass.DisposeAsync().AsTask()).ConfigureAwait(false);
                return;
            }
            var late = pass.IsOwn ? null : await TryAdmitAsync().ConfigureAwait(false);
            await hold.DisposeAsync().ConfigureAwait(false);
            if (late is not null) await late.DisposeAsync().ConfigureAwait(false);
            await pass.DisposeAsync().ConfigureAwait(false);
        }

        private async Task<RingPass?> TryAdmitAsync()
        {
            try
            {
                return await admit().ConfigureAwait(false);
            }
            catch (Exception e) when (e is DbaasException or OperationCanceledException)
            {
                // Ending the hold tells what stays held off.
                return null;
            }
        }
    }
}
