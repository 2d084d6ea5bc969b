using Microsoft.Extensions.Time.Testing;

namespace K2hdkcDbaas.Http.Tests;

/// <summary>A clock that stands still until a test moves it.</summary>
public sealed class ManualTime() : FakeTimeProvider(new DateTimeOffset(2026, 11, 21, 12, 0, 0, TimeSpan.Zero))
{
    /// <summary>Lets time run, a second in a blink, until a task is over.</summary>
    public async Task<T> RunAsync<T>(Task<T> task)
    {
        for (var i = 0; i < 20_000 && !task.IsCompleted; i++)
        {
            Advance(TimeSpan.FromMilliseconds(50));
            await Task.WhenAny(task, Task.Delay(1));
        }
        return await task.WaitAsync(TimeSpan.FromSeconds(10));
    }
}
