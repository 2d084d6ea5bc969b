using System.Globalization;
using System.Management.Automation;

namespace K2hdkcDbaas.Base;

/// <summary>Says how many records of a long pipeline are done: nothing in the first second, then at most five times a second.</summary>
/// <param name="cmdlet">Who writes; on the pipeline thread.</param>
/// <param name="activity">What is being done.</param>
internal sealed class RecordProgress(Cmdlet cmdlet, string activity)
{
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private static int _lastId = 1_000_000;

    private readonly int _id = Interlocked.Increment(ref _lastId);
    private readonly long _start = TimeProvider.System.GetTimestamp();
    private long _shownAt;
    private long _done;

    /// <summary>Counts a record that is done.</summary>
    public void Count()
    {
        // A look at the clock for every sixteenth record is enough.
        if ((++_done & 15) != 0 || TimeProvider.System.GetElapsedTime(_start) < Silence) return;
        if (_shownAt != 0 && TimeProvider.System.GetElapsedTime(_shownAt) < Pause) return;
        _shownAt = TimeProvider.System.GetTimestamp();
        var rate = _done / TimeProvider.System.GetElapsedTime(_start).TotalSeconds;
        cmdlet.WriteProgress(
            new ProgressRecord(_id, activity, string.Create(CultureInfo.CurrentCulture, $"{_done:N0} done, {rate:N0} a second")));
    }

    /// <summary>Takes the progress bar away if there was one.</summary>
    public void End()
    {
        if (_shownAt != 0) cmdlet.WriteProgress(new ProgressRecord(_id, activity, "done") { RecordType = ProgressRecordType.Completed });
    }
}
