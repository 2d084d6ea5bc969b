using K2hdkcDbaas.Sandbox.Kubernetes.Store;

namespace K2hdkcDbaas.Sandbox.Kubernetes.Controllers;

/// <summary>Runs the controllers whenever something has changed, or when one of them asked for it by time.</summary>
internal sealed class ControllerLoop(SandboxState state, ObjectStore store)
{
    private const int MaxRounds = 200;
    private TaskCompletionSource _wake = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IReadOnlyList<IController> Controllers { get; set; } = [];

    /// <summary>Has the controllers look again when the time is over.</summary>
    public void WakeAfter(TimeSpan delay) => state.After(delay > TimeSpan.Zero ? delay : TimeSpan.FromMilliseconds(1), Wake);

    public void Wake() => Volatile.Read(ref _wake).TrySetResult();

    public async Task RunAsync(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            var wake = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Volatile.Write(ref _wake, wake);
            var next = Round();
            await Task.WhenAny(next, wake.Task).WaitAsync(ct).ConfigureAwait(false);
        }
    }

    private Task Round()
    {
        lock (store.Gate)
        {
            for (var round = 0; round < MaxRounds; round++)
            {
                var before = store.Revision;
                foreach (var controller in Controllers)
                {
                    try
                    {
                        controller.Sync();
                    }
                    catch (Exception e) when (e is not OperationCanceledException)
                    {
                        state.Report(e);
                    }
                }
                if (store.Revision == before) break;
            }
            return store.NextChange;
        }
    }
}
