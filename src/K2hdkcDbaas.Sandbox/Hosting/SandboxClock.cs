using System.Diagnostics;

namespace K2hdkcDbaas.Sandbox;

/// <summary>The sandbox's time: real time at a chosen speed, which tests can also move forward at once.</summary>
/// <remarks>Timers made from it fire in the order of their due times also when <see cref="Advance"/> jumps over several of them.</remarks>
public sealed class SandboxClock : TimeProvider, IDisposable
{
    private readonly Lock _gate = new();
    private readonly SortedSet<VirtualTimer> _timers = new(VirtualTimer.ByDueTime);
    private readonly Timer _alarm;
    private readonly DateTimeOffset _start = DateTimeOffset.UtcNow;
    private long _realBase = Stopwatch.GetTimestamp();
    private long _virtualBase;
    private long _sequence;
    private double _speed;

    /// <summary>Starts the clock at the real time of now.</summary>
    /// <param name="speed">Sandbox seconds per real second; 0 stops it.</param>
    public SandboxClock(double speed = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(speed);
        _speed = speed;
        _alarm = new Timer(_ => Pump(), null, Timeout.Infinite, Timeout.Infinite);
    }

    /// <summary>Sandbox seconds per real second; setting it keeps the present time.</summary>
    public double Speed
    {
        get => _speed;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            lock (_gate)
            {
                Rebase(NowTicks());
                _speed = value;
                Arm();
            }
        }
    }

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override long GetTimestamp()
    {
        lock (_gate) return NowTicks();
    }

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => _start + TimeSpan.FromTicks(GetTimestamp());

    /// <summary>Moves time forward; everything due on the way has happened when this returns.</summary>
    /// <param name="by">How far, zero or more.</param>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        long target;
        lock (_gate) target = NowTicks() + by.Ticks;
        while (true)
        {
            VirtualTimer? due;
            lock (_gate)
            {
                due = _timers.Min is { } first && first.Due <= target ? first : null;
                Rebase(Math.Max(NowTicks(), due?.Due ?? target));
                if (due is not null) TakeOff(due);
                else Arm();
            }
            if (due is null) return;
            due.Fire();
        }
    }

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new VirtualTimer(this, callback, state, Interlocked.Increment(ref _sequence));
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Stops all timers.</summary>
    public void Dispose()
    {
        lock (_gate) _timers.Clear();
        _alarm.Dispose();
    }

    private long NowTicks() => _virtualBase + (long)(Stopwatch.GetElapsedTime(_realBase).Ticks * _speed);

    private void Rebase(long now)
    {
        _virtualBase = now;
        _realBase = Stopwatch.GetTimestamp();
    }

    private void Pump()
    {
        while (true)
        {
            VirtualTimer due;
            lock (_gate)
            {
                if (_timers.Min is not { } first || first.Due > NowTicks())
                {
                    Arm();
                    return;
                }
                due = first;
                TakeOff(due);
            }
            due.Fire();
        }
    }

    // Takes a timer that is about to fire out of the list, and puts a repeating one back at its next turn.
    private void TakeOff(VirtualTimer timer)
    {
        _timers.Remove(timer);
        if (timer.Period <= 0) return;
        timer.Due += timer.Period;
        _timers.Add(timer);
    }

    private void Arm()
    {
        if (_timers.Min is not { } first || _speed == 0) return;
        var wait = Math.Max(0, (first.Due - NowTicks()) / _speed);
        try
        {
            _alarm.Change(TimeSpan.FromTicks((long)Math.Min(wait, TimeSpan.TicksPerDay)) + TimeSpan.FromMilliseconds(1),
                Timeout.InfiniteTimeSpan);
        }
        catch (ObjectDisposedException)
        {
            // The sandbox is going down; nothing fires any more.
        }
    }

    private sealed class VirtualTimer(SandboxClock clock, TimerCallback callback, object? state, long sequence) : ITimer
    {
        public static readonly IComparer<VirtualTimer> ByDueTime =
            Comparer<VirtualTimer>.Create((a, b) => a.Due != b.Due ? a.Due.CompareTo(b.Due) : a.Sequence.CompareTo(b.Sequence));

        public long Due { get; set; }

        public long Period { get; private set; }

        private long Sequence { get; } = sequence;

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._gate)
            {
                clock._timers.Remove(this);
                if (dueTime == Timeout.InfiniteTimeSpan) return true;
                Due = clock.NowTicks() + dueTime.Ticks;
                Period = Math.Max(0, period.Ticks);
                clock._timers.Add(this);
                clock.Arm();
                return true;
            }
        }

        public void Dispose()
        {
            lock (clock._gate) clock._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
