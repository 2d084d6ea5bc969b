using Microsoft.Extensions.Time.Testing;

namespace K2hdkcDbaas.Tests.Support;

/// <summary>A clock that stands still until a test moves it.</summary>
/// <param name="start">When it stands.</param>
internal sealed class ManualTime(DateTimeOffset start) : FakeTimeProvider(start)
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50);

    public ManualTime()
        : this(new DateTimeOffset(2026, 11, 21, 12, 0, 0, TimeSpan.Zero))
    {
    }

    /// <summary>Lets time run, a second in a blink, until a task is over.</summary>
    public async Task<T> RunAsync<T>(Task<T> task)
    {
        await UntilAsync(() => task.IsCompleted);
        return await task.WaitAsync(TimeSpan.FromSeconds(10));
    }

    /// <summary>Lets time run until something holds.</summary>
    public async Task UntilAsync(Func<bool> condition)
    {
        for (var i = 0; i < 20_000 && !condition(); i++)
        {
            Advance(Step);
            await Task.Delay(1);
        }
    }
}
