using BenchmarkDotNet.Attributes;
using K2hdkcDbaas.Client;

namespace K2hdkcDbaas.Benchmarks;

/// <summary>Time and allocation of single calls. The ring is the one whose slave configuration K2HDKC_BENCH_RING names.</summary>
[MemoryDiagnoser]
public class GetAndSet
{
    private static readonly byte[] Key = StoredText.Encode("benchmark");
    private static readonly byte[] Value = StoredText.Encode("0123456789");

    private IK2hdkcClient _client = null!;

    /// <summary>Joins the ring.</summary>
    [GlobalSetup]
    public async Task JoinAsync()
    {
        var path = Environment.GetEnvironmentVariable("K2HDKC_BENCH_RING")
            ?? throw new InvalidOperationException("Set K2HDKC_BENCH_RING to a slave configuration of a ring.");
        _client = await K2hdkcClientFactory.ConnectAsync(
            new K2hdkcClientOptions { ConfigurationPath = path, Transport = K2hdkcTransport.Managed }, CancellationToken.None);
        await _client.SetAsync(Key, Value, null, CancellationToken.None);
    }

    /// <summary>Leaves it.</summary>
    [GlobalCleanup]
    public async Task LeaveAsync() => await _client.DisposeAsync();

    /// <summary>One get, waited for.</summary>
    [Benchmark]
    public async Task<int> GetAsync() => (await _client.GetAsync(Key, null, CancellationToken.None)).Value.Length;

    /// <summary>One set, waited for.</summary>
    [Benchmark]
    public async Task SetAsync() => await _client.SetAsync(Key, Value, null, CancellationToken.None);
}
