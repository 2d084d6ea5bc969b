namespace K2hdkcDbaas.Protocol.Tests;

/// <summary>What code takes of the heap.</summary>
internal static class Memory
{
    /// <summary>
    /// Bytes that it takes when it runs again: the first time, and the first exception, take what the runtime needs for them.
    /// </summary>
    public static long TakenBy(Action act)
    {
        act();
        var before = GC.GetAllocatedBytesForCurrentThread();
        act();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
