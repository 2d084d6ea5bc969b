using System.Collections;
using System.Management.Automation;
using K2hdkcDbaas.Core.Flows;
using K2hdkcDbaas.Errors;

namespace K2hdkcDbaas.Base;

/// <summary>
/// The root of all cmdlets. A leaf binds parameters, asks <see cref="Cmdlet.ShouldProcess(string)"/> on the pipeline thread, and hands its
/// asynchronous work to <see cref="Run(object?, Func{CommandOutput, CancellationToken, Task})"/>, which waits for it here and nowhere else.
/// </summary>
/// <remarks>
/// The ladder: <see cref="DbaasCmdlet"/> (pump, stop, errors) → <see cref="SessionCmdlet"/> (<c>-Session</c>) →
/// <see cref="FlowCmdlet"/> (<c>-Wait</c>, <c>-Timeout</c>) → leaf, and no longer than that: what several leaves do alike is a part
/// (<c>K2hdkcDbaas.Parts</c>) that they are made of. The work never touches the cmdlet: all that it has to say goes
/// through <see cref="CommandOutput"/>, from any thread. A fault of the work becomes a non-terminating error and <c>Run</c> answers
/// false, so that the next record of the pipeline has its turn; a lost login terminates. For many small calls in flight with output in
/// the order of input see <see cref="OrderedWindow{T}"/>.
/// </remarks>
public abstract class DbaasCmdlet : PSCmdlet, IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private bool _disposed;

    /// <summary>Canceled when the user stops the pipeline, or the pipeline wants no more.</summary>
    protected CancellationToken StopToken => _stop.Token;

    /// <summary>Runs asynchronous work to its end, writing meanwhile what it puts out.</summary>
    /// <param name="target">What an error will be about when the fault itself does not say.</param>
    /// <param name="work">The work; it must end soon after its token is canceled.</param>
    /// <returns>False when it failed; the error has been written then.</returns>
    protected internal bool Run(object? target, Func<CommandOutput, CancellationToken, Task> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        try
        {
            CommandPump.Run(this, work, _stop, flow => TellOfStop(flow, target));
            return true;
        }
        catch (DbaasException fault)
        {
            Fail(fault, target);
            return false;
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            throw new PipelineStoppedException();
        }
        catch (Exception bug) when (bug is not (PipelineStoppedException or FlowControlException))
        {
            ThrowTerminatingError(ErrorRecords.From(bug, target));
            throw;
        }
    }

    /// <summary>Runs asynchronous work that has one result; see the other overload.</summary>
    /// <param name="target">What an error will be about when the fault itself does not say.</param>
    /// <param name="work">The work.</param>
    /// <param name="result">Its result; the default when it failed.</param>
    /// <typeparam name="T">The result's type.</typeparam>
    /// <returns>False when it failed; the error has been written then.</returns>
    protected internal bool TryRun<T>(object? target, Func<CommandOutput, CancellationToken, Task<T>> work, out T? result)
    {
        T? value = default;
        var done = Run(target, async (output, token) => value = await work(output, token).ConfigureAwait(false));
        result = value;
        return done;
    }

    /// <summary>Writes a fault as an error; a lost login ends the command, anything else only this record.</summary>
    /// <param name="fault">What went wrong.</param>
    /// <param name="target">What it is about when the fault does not say.</param>
    protected internal void Fail(DbaasException fault, object? target)
    {
        ArgumentNullException.ThrowIfNull(fault);
        var record = ErrorRecords.From(fault, target);
        if (fault.Kind == ErrorKind.Unauthenticated) ThrowTerminatingError(record);
        WriteError(record);
    }

    /// <inheritdoc/>
    protected override void StopProcessing()
    {
        // PowerShell may call this after Dispose, from another thread.
        try
        {
            _stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        Dispose(true);
        _stop.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Ends what a leaf has begun and holds over several records; called once, on every path.</summary>
    /// <param name="disposing">Always true.</param>
    protected virtual void Dispose(bool disposing)
    {
    }

    /// <summary>
    /// A stopped pipeline takes no error records any more, and yet the user must learn what exists, or that nothing does: it goes to $Error
    /// and to the host.
    /// </summary>
    private void TellOfStop(FlowCanceledException flow, object? target)
    {
        var record = ErrorRecords.From(flow, target);
        if (SessionState.PSVariable.GetValue("Error") is ArrayList errors) errors.Insert(0, record);
        Host.UI.WriteErrorLine(flow.Message);
    }
}
