using System.Diagnostics;

namespace K2hdkcDbaas.Benchmarks;

/// <summary>Latency of calls one after the other.</summary>
internal sealed record Latency(double P50, double P99, double PerSecond)
{
    public static Latency Of(double[] microseconds, TimeSpan whole)
    {
        Array.Sort(microseconds);
        return new Latency(microseconds[microseconds.Length / 2],
            microseconds[microseconds.Length * 99 / 100], microseconds.Length / whole.TotalSeconds);
    }

    /// <summary>Makes calls, each when the one before is over.</summary>
    public static async Task<Latency> TimeAsync(int count, Func<int, Task> call)
    {
        var times = new double[count];
        var whole = Stopwatch.GetTimestamp();
        for (var i = 0; i < count; i++)
        {
            var start = Stopwatch.GetTimestamp();
            await call(i);
            times[i] = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
        }

        return Latency.Of(times, Stopwatch.GetElapsedTime(whole));
    }
}
