using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using K2hdkcDbaas.Client;
using K2hdkcDbaas.Client.Model;
using K2hdkcDbaas.Core.Data;
using K2hdkcDbaas.Errors;

namespace K2hdkcDbaas.Core.Tests.Rings;

/// <summary>
/// Random keys in a ring, and clients at work on them: writers that rewrite, remove and write again, and readers of two kinds, those that
/// ask a key's first holder alone, as other clients do, and ours. Each writer has keys of its own, so what a reader must see is known
/// whenever no write is under way.
/// </summary>
internal sealed class RingLoad : IAsyncDisposable
{
    private const int Writers = 2;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(4);

    private readonly byte[][] _keys;

    // Above 0: the version that was written; below: removed after that version; 0: a write is under way.
    private readonly int[] _states;
    private readonly IK2hdkcClient _ordinary;
    private readonly IK2hdkcClient _ours;
    private readonly List<Task> _tasks = [];
    private CancellationTokenSource? _stop;
    private int _writes;

    private RingLoad(int count, IK2hdkcClient ordinary, IK2hdkcClient ours)
    {
        _keys = [.. Enumerable.Range(0, count).Select(_ => RandomNumberGenerator.GetBytes(20))];
        (_states, _ordinary, _ours) = (new int[count], ordinary, ours);
    }

    public Tally Ordinary { get; } = new();

    public Tally Ours { get; } = new();

    public int Writes => Volatile.Read(ref _writes);

    public IReadOnlyList<ReadOnlyMemory<byte>> Keys => [.. _keys.Select(k => new ReadOnlyMemory<byte>(k))];

    public IK2hdkcClient Client => _ours;

    /// <summary>Writes the keys.</summary>
    public static async Task<RingLoad> StartAsync(IRingSource source, int count, CancellationToken ct)
    {
        var configuration = await source.ReadAsync(ct);
        Task<IK2hdkcClient> ConnectAsync(ReadPolicy policy) => K2hdkcClientFactory.ConnectAsync(
            new K2hdkcClientOptions
            {
                Configuration = configuration,
                Transport = K2hdkcTransport.Managed,
                ReadPolicy = policy,
                CallTimeout = TimeSpan.FromSeconds(5)
            }, ct);
        var load = new RingLoad(count, await ConnectAsync(ReadPolicy.FirstHolder),
            await ConnectAsync(new K2hdkcClientOptions().ReadPolicy));
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = ct },
            async (i, _) => await load.WriteAsync(i, 1, ct));
        return load;
    }

    /// <summary>Sets the writers and readers to work.</summary>
    public void Begin(CancellationToken ct)
    {
        _stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        for (var w = 0; w < Writers; w++)
        {
            var writer = w;
            _tasks.Add(Task.Run(() => WriterAsync(writer, _stop.Token), ct));
        }

        _tasks.Add(Task.Run(() => ReaderAsync(_ordinary, Ordinary, _stop.Token), ct));
        _tasks.Add(Task.Run(() => ReaderAsync(_ours, Ours, _stop.Token), ct));
    }

    /// <summary>Stops them; every write has been answered then.</summary>
    public async Task EndAsync()
    {
        await _stop!.CancelAsync();
        await Task.WhenAll(_tasks);
        _tasks.Clear();
        // A reply goes out before the copies do.
        await Task.Delay(TimeSpan.FromMilliseconds(500), CancellationToken.None);
    }

    /// <summary>Reads every key as an ordinary client.</summary>
    public async Task<Tally> CountAsync(CancellationToken ct)
    {
        var tally = new Tally();
        for (var i = 0; i < _keys.Length; i++)
        {
            Assert.NotEqual(0, _states[i]);
            await ReadAsync(_ordinary, i, tally, ct);
        }

        return tally;
    }

    public async ValueTask DisposeAsync()
    {
        if (_stop is not null)
        {
            await _stop.CancelAsync();
            await Task.WhenAll(_tasks);
            _stop.Dispose();
        }

        await _ordinary.DisposeAsync();
        await _ours.DisposeAsync();
    }

    private async Task WriterAsync(int writer, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var i = (RandomNumberGenerator.GetInt32(_keys.Length / Writers) * Writers) + writer;
            var state = _states[i];
            // One key of ten is removed and made anew instead of rewritten.
            if (i % 10 >= Writers || state < 0) await WriteAsync(i, Math.Abs(state) + 1, CancellationToken.None);
            else await RemoveAsync(i, CancellationToken.None);
            Interlocked.Increment(ref _writes);
            await PauseAsync(stop);
        }
    }

    private async Task ReaderAsync(IK2hdkcClient client, Tally tally, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await ReadAsync(client, RandomNumberGenerator.GetInt32(_keys.Length), tally, CancellationToken.None);
            await PauseAsync(stop);
        }
    }

    private async Task ReadAsync(IK2hdkcClient client, int i, Tally tally, CancellationToken ct)
    {
        var before = Volatile.Read(ref _states[i]);
        if (before == 0) return;
        KeyReading reading;
        try
        {
            reading = await client.GetAsync(_keys[i], null, ct);
        }
        catch (DbaasException)
        {
            tally.Failed++;
            return;
        }

        if (Volatile.Read(ref _states[i]) != before) return;
        tally.Reads++;
        var found = -1;
        if (reading.State == KeyState.Found && reading.Value.Span is [0])
        {
            // While the ring changes servers put this in the place of a removed key, for no time at all. It is seen now and then.
            if (before > 0) tally.Missing++;
            else tally.Back++;
            return;
        }

        if (reading.State == KeyState.Found && !int.TryParse(reading.Value.Span, CultureInfo.InvariantCulture, out found))
        {
            tally.Strange.Enqueue($"{Convert.ToHexString(reading.Value.Span)} instead of {before}");
            return;
        }

        if (before < 0 && found >= 0) tally.Back++;
        if (before > 0 && found < 0) tally.Missing++;
        if (before > 0 && found >= 0 && found < before) tally.Old++;
    }

    private Task WriteAsync(int i, int version, CancellationToken ct) =>
        ChangeAsync(i, version, () => _ours.SetAsync(_keys[i], System.Text.Encoding.ASCII.GetBytes($"{version}"), null, ct));

    private Task RemoveAsync(int i, CancellationToken ct) => ChangeAsync(i, -_states[i], () => _ours.RemoveAsync(_keys[i], false, ct));

    // A change that was not answered may have been made or not: it is made again until it is.
    private async Task ChangeAsync(int i, int state, Func<Task> change)
    {
        Volatile.Write(ref _states[i], 0);
        while (true)
        {
            try
            {
                await change();
                Volatile.Write(ref _states[i], state);
                return;
            }
            catch (DbaasException)
            {
                await Task.Delay(Pause, CancellationToken.None);
            }
        }
    }

    private static async Task PauseAsync(CancellationToken stop)
    {
        try
        {
            await Task.Delay(Pause, stop);
        }
        catch (OperationCanceledException)
        {
            // The loop ends.
        }
    }

    /// <summary>What reads gave.</summary>
    internal sealed record Tally
    {
        public int Reads { get; set; }

        /// <summary>Not found although written.</summary>
        public int Missing { get; set; }

        /// <summary>An earlier value.</summary>
        public int Old { get; set; }

        /// <summary>Found although removed.</summary>
        public int Back { get; set; }

        /// <summary>No answer in time.</summary>
        public int Failed { get; set; }

        /// <summary>Values that nobody wrote.</summary>
        public ConcurrentQueue<string> Strange { get; } = [];

        public override string ToString() =>
            $"{Missing} missing, {Old} old, {Back} back, {Failed} unanswered of "
                + $"{Reads}{string.Concat(Strange.Select(v => ", STRANGE: " + v))}";
    }
}
