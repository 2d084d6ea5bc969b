using K2hdkcDbaas.Sandbox.Glance;
using K2hdkcDbaas.Sandbox.Keystone;
using K2hdkcDbaas.Sandbox.Kubernetes;
using K2hdkcDbaas.Sandbox.Neutron;
using K2hdkcDbaas.Sandbox.Nodes;
using K2hdkcDbaas.Sandbox.Nova;
using K2hdkcDbaas.Sandbox.Trove;

namespace K2hdkcDbaas.Sandbox;

/// <summary>Everything one sandbox holds. Nothing of it is static, so several sandboxes live in one process.</summary>
internal sealed class SandboxState : IAsyncDisposable
{
    private readonly CancellationTokenSource _life = new();
    private readonly HashSet<ITimer> _timers = [];
    private readonly HashSet<Task> _work = [];
    private readonly List<string> _problems = [];
    private readonly Dictionary<string, Task> _guestQueues = new(StringComparer.Ordinal);

    public SandboxState(SandboxOptions options, string guestNetwork)
    {
        Options = options;
        GuestNetwork = guestNetwork;
        Clock = new SandboxClock(options.Speed);
        Calls = new CallLog();
        Faults = new FaultRules();
        Identity = new IdentityStore(this);
        Network = new NetworkStore(this);
        Images = new ImageStore(this);
        Compute = new ComputeStore();
        Databases = new DatabaseStore();
        Guests = new EmptyGuests();
        Kubernetes = new KubernetesCluster(this);
    }

    /// <summary>Guards all stores: handlers take it for the moment in which they read or change state, never over an await.</summary>
    public Lock Gate { get; } = new();

    public SandboxOptions Options { get; }

    public SandboxClock Clock { get; }

    public FaultRules Faults { get; }

    /// <summary>Merges that are to get stuck.</summary>
    public RingFaults RingFaults { get; } = new();

    public CallLog Calls { get; }

    /// <summary>Keystone's users, projects and tokens; how every other service checks a token.</summary>
    public IdentityStore Identity { get; }

    public NetworkStore Network { get; }

    public ImageStore Images { get; }

    public ComputeStore Compute { get; }

    public DatabaseStore Databases { get; }

    public KubernetesCluster Kubernetes { get; }

    /// <summary>What runs in servers and Trove instances. Set once, before the listeners start.</summary>
    public IGuestRuntime Guests { get; set; }

    /// <summary>First three numbers of the guests' network, for example 127.80.0: addresses this machine answers on.</summary>
    public string GuestNetwork { get; }

    /// <summary>Base URL by service name, without a path; complete before the first request.</summary>
    public Dictionary<string, Uri> Endpoints { get; } = new(StringComparer.Ordinal);

    /// <summary>The services, in the order of the catalogue.</summary>
    public IReadOnlyList<ISandboxService> Services { get; set; } = [];

    /// <summary>Ends when the sandbox ends.</summary>
    public CancellationToken Life => _life.Token;

    /// <summary>Failures of the sandbox's own background work, which no caller would see. A test that finds one here fails.</summary>
    public IReadOnlyList<string> Problems
    {
        get { lock (_problems) return [.. _problems]; }
    }

    public DateTimeOffset Now => Clock.GetUtcNow();

    /// <summary>Changes state later: runs under <see cref="Gate"/> when the sandbox's clock gets there.</summary>
    public void After(TimeSpan delay, Action change)
    {
        ITimer? timer = null;
        var made = Clock.CreateTimer(_ =>
        {
            if (timer is not null)
            {
                lock (_timers) _timers.Remove(timer);
                timer.Dispose();
            }
            if (_life.IsCancellationRequested) return;
            try
            {
                lock (Gate) change();
            }
            catch (Exception e)
            {
                Report(e);
            }
        }, null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        timer = made;
        lock (_timers) _timers.Add(made);
        made.Change(delay, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Starts work beside the requests (a guest's boot); it is cancelled and awaited when the sandbox ends.</summary>
    public void Run(Func<CancellationToken, Task> work)
    {
        var task = Task.Run(async () =>
        {
            try
            {
                await work(Life).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (Life.IsCancellationRequested)
            {
                // The sandbox ends; so does its work.
            }
            catch (Exception e)
            {
                Report(e);
            }
        });
        lock (_work)
        {
            _work.RemoveWhere(t => t.IsCompleted);
            _work.Add(task);
        }
    }

    /// <summary>
    /// Hands work to the guest runtime, in order for each guest. What a guest fails at is its own trouble: it is reported, not thrown.
    /// </summary>
    public void ForGuest(string guestId, Func<IGuestRuntime, CancellationToken, Task> work)
    {
        lock (_guestQueues)
        {
            var before = _guestQueues.GetValueOrDefault(guestId, Task.CompletedTask);
            var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _guestQueues[guestId] = done.Task;
            Run(async ct =>
            {
                try
                {
                    await before.WaitAsync(ct).ConfigureAwait(false);
                    await work(Guests, ct).ConfigureAwait(false);
                }
                finally
                {
                    done.SetResult();
                }
            });
        }
    }

    /// <summary>Waits until the guests have done all that was asked of them so far.</summary>
    public async Task GuestsIdleAsync()
    {
        Task[] queues;
        lock (_guestQueues)
        {
            foreach (var done in _guestQueues.Where(q => q.Value.IsCompleted).Select(q => q.Key).ToList()) _guestQueues.Remove(done);
            queues = [.. _guestQueues.Values];
        }
        await Task.WhenAll(queues).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        await _life.CancelAsync().ConfigureAwait(false);
        Task[] left;
        lock (_work) left = [.. _work];
        await Task.WhenAll(left).ConfigureAwait(false);
        await Guests.DisposeAsync().ConfigureAwait(false);
        await Kubernetes.DisposeAsync().ConfigureAwait(false);
        Clock.Dispose();
        _life.Dispose();
    }

    /// <summary>Notes a failure of the sandbox itself.</summary>
    public void Report(Exception e)
    {
        lock (_problems) _problems.Add(e.ToString());
    }
}
