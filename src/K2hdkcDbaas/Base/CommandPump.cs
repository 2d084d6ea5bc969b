using System.Management.Automation;
using K2hdkcDbaas.Core.Flows;

namespace K2hdkcDbaas.Base;

/// <summary>
/// Lets work run on the thread pool while the pipeline thread, the only one that may write, waits and writes what the work puts out.
/// </summary>
internal static class CommandPump
{
    /// <summary>
    /// How long work may go on after a stop before the pipeline leaves it behind, so that Ctrl+C always answers within a second.
    /// </summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(800);

    /// <summary>Runs the work to its end and throws what it throws.</summary>
    /// <param name="cmdlet">Who writes.</param>
    /// <param name="work">The work.</param>
    /// <param name="stop">Canceled by the user's stop; canceled here when the pipeline wants no more output.</param>
    /// <param name="tellOfStop">Called when the stop came in the middle of a flow.</param>
    public static void Run(
        PSCmdlet cmdlet, Func<CommandOutput, CancellationToken, Task> work, CancellationTokenSource stop,
        Action<FlowCanceledException> tellOfStop)
    {
        var token = stop.Token;
        var output = new CommandOutput(WantsDebug(cmdlet));
        var worker = Task.Run(() => WorkAsync(work, output, token), CancellationToken.None);
        long? stoppedAt = null;
        var isDone = false;
        try
        {
            while (output.Wait())
            {
                output.WriteTo(cmdlet);
                if (!token.IsCancellationRequested) continue;
                stoppedAt ??= TimeProvider.System.GetTimestamp();
                if (TimeProvider.System.GetElapsedTime(stoppedAt.Value) > Patience) throw new OperationCanceledException(token);
            }

            isDone = true;
            output.WriteTo(cmdlet);
        }
        finally
        {
            // Work that is done may take a moment to end: canceling it would stop the command's next piece of work, too.
            if (!isDone) stop.Cancel();
            var waited = stoppedAt is null ? TimeSpan.Zero : TimeProvider.System.GetElapsedTime(stoppedAt.Value);
            Settle(worker, waited < Patience ? Patience - waited : TimeSpan.Zero);
            if (stop.IsCancellationRequested && !worker.IsCompletedSuccessfully && output.Stopped is { } flow) tellOfStop(flow);
            EndProgress(output, cmdlet);
        }

        worker.GetAwaiter().GetResult();
    }

    private static bool WantsDebug(PSCmdlet cmdlet)
    {
        if (cmdlet.MyInvocation.BoundParameters.TryGetValue("Debug", out var bound)) return bound is SwitchParameter { IsPresent: true };
        return cmdlet.SessionState.PSVariable.GetValue("DebugPreference") is ActionPreference preference
            && preference is not (ActionPreference.SilentlyContinue or ActionPreference.Ignore);
    }

    private static async Task WorkAsync(Func<CommandOutput, CancellationToken, Task> work, CommandOutput output, CancellationToken token)
    {
        using var scope = output.Enter();
        try
        {
            await work(output, token).ConfigureAwait(false);
        }
        finally
        {
            output.Complete();
        }
    }

    /// <summary>On every path: the work has ended, or is left behind, canceled.</summary>
    private static void Settle(Task worker, TimeSpan patience)
    {
        if (((IAsyncResult)worker).AsyncWaitHandle.WaitOne(patience)) return;
        // The pipeline has left; a later failure is of no interest to anyone.
        _ = worker.ContinueWith(static t => t.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted,
            TaskScheduler.Default);
    }

    private static void EndProgress(CommandOutput output, PSCmdlet cmdlet)
    {
        try
        {
            output.EndProgress(cmdlet);
        }
        catch (PipelineStoppedException)
        {
            // A stopped host clears its progress itself.
        }
    }
}
