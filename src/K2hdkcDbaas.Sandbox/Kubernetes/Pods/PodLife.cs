using System.Text.Json.Nodes;
using K2hdkcDbaas.Sandbox.Kubernetes.Controllers;
using K2hdkcDbaas.Sandbox.Kubernetes.Store;

namespace K2hdkcDbaas.Sandbox.Kubernetes.Pods;

/// <summary>One pod on its node, from its volumes to its end, as a kubelet leads it: init containers one after the other, then the
/// containers in their order with their postStart hooks, restarts with back-off, preStop hooks and the grace period at the end.</summary>
internal sealed class PodLife
{
    private const string Component = "kubelet";
    private static readonly ResourceType Type = ResourceTypes.Pods;
    private static readonly TimeSpan FirstBackoff = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestBackoff = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(0.5);

    private readonly SandboxState _state;
    private readonly ObjectRegistry _registry;
    private readonly EventRecorder _events;
    private readonly PodFaults _faults;
    private readonly Func<JsonObject, PodLog, IPodProgram> _makeProgram;
    private readonly CancellationTokenSource _kill;
    private readonly TaskCompletionSource _leave = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Dictionary<string, ContainerState> _containers;
    private readonly Lock _gate = new();
    private JsonObject _pod;

    public PodLife(SandboxState state, ObjectRegistry registry, EventRecorder events, PodFaults faults, JsonObject pod, string address,
        Func<JsonObject, PodLog, IPodProgram> makeProgram)
    {
        (_state, _registry, _events, _faults, _pod, Address, _makeProgram) = (state, registry, events, faults, pod, address, makeProgram);
        _kill = CancellationTokenSource.CreateLinkedTokenSource(state.Life);
        Gone = _kill.Token;
        Log = new PodLog(state.Clock);
        _containers = InitNames.Concat(Names).ToDictionary(n => n, _ => new ContainerState(), StringComparer.Ordinal);
        HostAddress = registry.Store.Find(ResourceTypes.Nodes, "", pod.Text("spec", "nodeName")).Items("status", "addresses")
            .FirstOrDefault(a => a.Text("type") == "InternalIP").Text("address");
        Ended = Task.CompletedTask;
    }

    public string Uid => _pod.Uid();

    public string Address { get; }

    public string HostAddress { get; }

    public PodLog Log { get; }

    /// <summary>Cancelled when nothing of the pod is left.</summary>
    public CancellationToken Gone { get; }

    /// <summary>Ends when nothing of the pod is left.</summary>
    public Task Ended { get; private set; }

    private IEnumerable<string> Names => _pod.Items("spec", "containers").Select(c => c.Text("name"));

    private IEnumerable<string> InitNames => _pod.Items("spec", "initContainers").Select(c => c.Text("name"));

    public void Start()
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Ended = done.Task;
        _state.Run(async _ =>
        {
            try
            {
                await LiveAsync(_kill.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (_kill.IsCancellationRequested)
            {
                // Killed, or the sandbox ends.
            }
            finally
            {
                await _kill.CancelAsync().ConfigureAwait(false);
                done.SetResult();
                _registry.Drop(Type, _pod);
                _kill.Dispose();
            }
        });
    }

    /// <summary>The pod is to end within its grace period.</summary>
    public void Leave() => _leave.TrySetResult();

    /// <summary>The pod is gone from the API: everything ends at once.</summary>
    public void Kill()
    {
        try
        {
            _kill.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It has ended by itself.
        }
    }

    private async Task LiveAsync(CancellationToken ct)
    {
        SetStatus("Pending");
        if (!await PrepareAsync(ct).ConfigureAwait(false)) return;
        var program = _makeProgram(WithAddress(), Log);
        await using (program.ConfigureAwait(false))
        {
            using var life = CancellationTokenSource.CreateLinkedTokenSource(ct);
            var running = RunAsync(program, life.Token);
            await Task.WhenAny(running, _leave.Task).WaitAsync(ct).ConfigureAwait(false);
            if (!_leave.Task.IsCompleted)
            {
                // All containers have ended for good; the object stays until it is deleted.
                await running.ConfigureAwait(false);
                await _leave.Task.WaitAsync(ct).ConfigureAwait(false);
                return;
            }
            if (!running.IsCompleted) await StopAsync(program, ct).ConfigureAwait(false);
            await life.CancelAsync().ConfigureAwait(false);
            try
            {
                await running.ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (life.IsCancellationRequested)
            {
                // As asked for.
            }
        }
    }

    // Volumes and images. False when the pod is to end before.
    private async Task<bool> PrepareAsync(CancellationToken ct)
    {
        await WaitAsync(_state.Options.PodStartTime, ct).ConfigureAwait(false);
        var tries = 0;
        while (!_leave.Task.IsCompleted)
        {
            if (MissingVolume() is { } missing)
            {
                SetWaiting("ContainerCreating", "");
                _events.Note(Type, _pod, "FailedMount", missing, Component, isWarning: true);
                await LookAgainAsync(ct).ConfigureAwait(false);
                continue;
            }
            if (_faults.Of(_pod) == PodFaultKind.ImagePull)
            {
                var image = _pod.Items("spec", "containers").First().Text("image");
                var isFirst = tries++ % 2 == 0;
                SetWaiting(isFirst ? "ErrImagePull" : "ImagePullBackOff",
                    isFirst ? $"failed to pull and unpack image \"{image}\": not found" : $"Back-off pulling image \"{image}\"");
                _events.Note(Type, _pod, isFirst ? "Failed" : "BackOff",
                    isFirst ? $"Failed to pull image \"{image}\": not found" : $"Back-off pulling image \"{image}\"", Component,
                    isWarning: true);
                await LookAgainAsync(ct).ConfigureAwait(false);
                continue;
            }
            return true;
        }
        return false;
    }

    private async Task RunAsync(IPodProgram program, CancellationToken ct)
    {
        SetStatus("Pending");
        foreach (var name in InitNames.ToList())
        {
            while (true)
            {
                Begin(name);
                var code = _faults.Of(_pod) == PodFaultKind.InitFails ? 1 : await program.InitAsync(name, ct).ConfigureAwait(false);
                End(name, code);
                SetStatus("Pending");
                if (code == 0) break;
                if (_pod.Text("spec", "restartPolicy") == "Never")
                {
                    SetStatus("Failed");
                    return;
                }
                await BackOffAsync(name, ct).ConfigureAwait(false);
            }
        }
        var runs = new List<Task>();
        foreach (var name in Names.ToList())
        {
            // The next container starts when this one's postStart hook is through.
            var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            runs.Add(KeepAsync(program, name, started, ct));
            await started.Task.WaitAsync(ct).ConfigureAwait(false);
        }
        using var probes = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var probing = ProbeAsync(program, probes.Token);
        await Task.WhenAll(runs).ConfigureAwait(false);
        await probes.CancelAsync().ConfigureAwait(false);
        await probing.ConfigureAwait(false);
        SetStatus(_containers.Where(c => Names.Contains(c.Key)).All(c => c.Value.ExitCode == 0) ? "Succeeded" : "Failed");
    }

    private async Task KeepAsync(IPodProgram program, string name, TaskCompletionSource started, CancellationToken ct)
    {
        while (true)
        {
            Begin(name);
            _events.Note(Type, _pod, "Started", $"Started container {name}", Component, fieldPath: $"spec.containers{{{name}}}");
            using var run = CancellationTokenSource.CreateLinkedTokenSource(ct);
            var running = program.RunAsync(name, run.Token);
            var hook = await program.StartedAsync(name, ct).ConfigureAwait(false);
            int code;
            if (hook != 0)
            {
                _events.Note(Type, _pod, "FailedPostStartHook", $"PostStartHook failed: command exited with {hook}", Component,
                    isWarning: true, fieldPath: $"spec.containers{{{name}}}");
                await run.CancelAsync().ConfigureAwait(false);
                code = 137;
                try
                {
                    await running.ConfigureAwait(false);
                }
                catch (OperationCanceledException) when (!ct.IsCancellationRequested)
                {
                    // Killed.
                }
            }
            else
            {
                started.TrySetResult();
                SetStatus();
                // A fault ends what would have run on.
                while (!running.IsCompleted && !(_faults.Of(_pod) == PodFaultKind.CrashLoop && name == Names.First()))
                    await Task.WhenAny(running, Task.Delay(Look, _state.Clock, ct)).ConfigureAwait(false);
                if (!running.IsCompleted) await run.CancelAsync().ConfigureAwait(false);
                code = running.IsCompletedSuccessfully ? await running.ConfigureAwait(false) : 1;
                ct.ThrowIfCancellationRequested();
            }
            End(name, code);
            var policy = _pod.Text("spec", "restartPolicy");
            if (policy == "Never" || (policy == "OnFailure" && code == 0))
            {
                started.TrySetResult();
                SetStatus();
                return;
            }
            await BackOffAsync(name, ct).ConfigureAwait(false);
        }
    }

    private async Task ProbeAsync(IPodProgram program, CancellationToken ct)
    {
        try
        {
            while (true)
            {
                foreach (var container in _pod.Items("spec", "containers").ToList())
                {
                    var name = container.Text("name");
                    var isReady = _containers[name].IsRunning && _faults.Of(_pod) != PodFaultKind.NotReady
                        && (container["readinessProbe"] is null || program.IsReady(name));
                    if (_containers[name].IsReady == isReady) continue;
                    _containers[name].IsReady = isReady;
                    SetStatus();
                }
                await Task.Delay(Look, _state.Clock, ct).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // The containers have ended.
        }
    }

    private async Task StopAsync(IPodProgram program, CancellationToken ct)
    {
        var pod = _registry.Store.Find(Type, _pod.Namespace(), _pod.Name()) ?? _pod;
        var grace = TimeSpan.FromSeconds(pod.Number(30, "metadata", "deletionGracePeriodSeconds"));
        using var over = new CancellationTokenSource(grace, _state.Clock);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct, over.Token);
        foreach (var name in Names)
            _events.Note(Type, _pod, "Killing", $"Stopping container {name}", Component, fieldPath: $"spec.containers{{{name}}}");
        try
        {
            await Task.WhenAll(
                _pod.Items("spec", "containers")
                    .Where(c => c.At("lifecycle", "preStop") is not null && _containers[c.Text("name")].IsRunning)
                    .Select(c => program.StoppingAsync(c.Text("name"), limit.Token))).WaitAsync(limit.Token).ConfigureAwait(false);
            await Task.Delay(_faults.Of(_pod) == PodFaultKind.SlowStop ? grace : _state.Options.PodStopTime, _state.Clock,
                limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            // The grace period is over: killed.
        }
    }

    private async Task BackOffAsync(string name, CancellationToken ct)
    {
        var state = _containers[name];
        var wait = TimeSpan.FromTicks((long)Math.Min(LongestBackoff.Ticks, FirstBackoff.Ticks * Math.Pow(2, state.Restarts - 1)));
        if (state.Restarts > 0)
        {
            lock (_gate) state.Waiting =
                ("CrashLoopBackOff",
                    $"back-off {wait.TotalSeconds:0}s restarting failed container={name} pod={_pod.Name()}_{_pod.Namespace()}({_pod.Uid()})");
            _events.Note(Type, _pod, "BackOff",
                $"Back-off restarting failed container {name} in pod {_pod.Name()}_{_pod.Namespace()}({_pod.Uid()})", Component,
                isWarning: true);
            SetStatus();
            await WaitAsync(wait, ct).ConfigureAwait(false);
        }
        lock (_gate) state.Restarts++;
        Log.Restart(name);
    }

    private void Begin(string name)
    {
        lock (_gate)
        {
            var state = _containers[name];
            (state.Waiting, state.IsRunning, state.IsReady, state.StartedAt, state.Id) =
                (null, true, false, _registry.Now, Guid.NewGuid().ToString("N") + Guid.NewGuid().ToString("N"));
        }
        SetStatus();
    }

    private void End(string name, int code)
    {
        lock (_gate)
        {
            var state = _containers[name];
            (state.IsRunning, state.IsReady, state.ExitCode, state.FinishedAt) = (false, false, code, _registry.Now);
            state.Ended = new JsonObject
            {
                ["exitCode"] = code,
                ["reason"] = code == 0 ? "Completed" : "Error",
                ["startedAt"] = state.StartedAt,
                ["finishedAt"] = state.FinishedAt,
                ["containerID"] = "sandbox://" + state.Id,
            };
        }
    }

    private void SetWaiting(string reason, string message)
    {
        lock (_gate)
        {
            foreach (var state in _containers.Values) state.Waiting = (reason, message);
        }
        SetStatus("Pending");
    }

    private void SetStatus(string? phase = null)
    {
        lock (_registry.Store.Gate)
        {
            lock (_gate)
            {
                _pod = _registry.SetStatus(Type, _pod, s => Write(s, phase), Component) ?? _pod;
            }
        }
    }

    private void Write(JsonObject status, string? phase)
    {
        var inits = InitNames.ToList();
        var names = Names.ToList();
        var isInitialized = inits.TrueForAll(n => _containers[n] is { IsRunning: false, ExitCode: 0, FinishedAt: not null });
        phase ??= isInitialized && names.Exists(n => _containers[n].StartedAt is not null) ? "Running" : "Pending";
        status["phase"] = phase;
        status.Default("startTime", _registry.Now);
        (status["hostIP"], status["hostIPs"]) = (HostAddress, new JsonArray(new JsonObject { ["ip"] = HostAddress }));
        if (names.Concat(inits).Any(n => _containers[n].StartedAt is not null))
            (status["podIP"], status["podIPs"]) = (Address, new JsonArray(new JsonObject { ["ip"] = Address }));
        if (inits.Count > 0) status["initContainerStatuses"] = JsonHttp.ToArray(inits, n => StatusOf(n, "initContainers"));
        status["containerStatuses"] = JsonHttp.ToArray(names, n => StatusOf(n, "containers"));
        var isOver = phase is "Succeeded" or "Failed";
        var isReady = !isOver && names.TrueForAll(n => _containers[n].IsReady);
        var why = isOver ? phase == "Succeeded" ? "PodCompleted" : "PodFailed" : isReady ? "" : "ContainersNotReady";
        var unready = names.Where(n => !_containers[n].IsReady).ToList();
        var message = isReady || isOver ? "" : $"containers with unready status: [{string.Join(' ', unready)}]";
        PodMaker.SetCondition(status, "PodReadyToStartContainers", !isOver, "", "", _registry.Now, null);
        PodMaker.SetCondition(status, "Initialized", isInitialized, isInitialized ? "" : "ContainersNotInitialized",
            isInitialized
                ? ""
                : $"containers with incomplete status: "
                    + $"[{string.Join(' ', inits.Where(n => _containers[n] is not { IsRunning: false, ExitCode: 0, FinishedAt: not null }))}]", _registry.Now, null);
        PodMaker.SetCondition(status, "Ready", isReady, why, message, _registry.Now, null);
        PodMaker.SetCondition(status, "ContainersReady", isReady, why, message, _registry.Now, null);
    }

    private JsonObject StatusOf(string name, string list)
    {
        var state = _containers[name];
        var container = _pod.Items("spec", list).First(c => c.Text("name") == name);
        var isInit = list == "initContainers";
        JsonObject now = state switch
        {
            { IsRunning: true } => new() { ["running"] = new JsonObject { ["startedAt"] = state.StartedAt } },
            { Waiting: { } waiting } =>
                new()
                {
                    ["waiting"] = waiting.Message.Length > 0
                    ? new JsonObject { ["reason"] = waiting.Reason, ["message"] = waiting.Message }
                    : new JsonObject { ["reason"] = waiting.Reason }
                },
            { Ended: { } ended } => new() { ["terminated"] = ended.DeepClone() },
            _ => new() { ["waiting"] = new JsonObject { ["reason"] = InitNames.Any() ? "PodInitializing" : "ContainerCreating" } },
        };
        var before = state.Ended is not null && (state.IsRunning || state.Waiting is not null)
            ? new JsonObject { ["terminated"] = state.Ended.DeepClone() }
            : [];
        return new JsonObject
        {
            ["name"] = name,
            ["state"] = now,
            ["lastState"] = before,
            ["ready"] = isInit ? state is { IsRunning: false, ExitCode: 0, FinishedAt: not null } : state.IsReady,
            ["restartCount"] = state.Restarts,
            ["image"] = container.Text("image"),
            ["imageID"] = "",
            ["containerID"] = state.Id is null ? "" : "sandbox://" + state.Id,
            ["started"] = state.IsRunning,
        };
    }

    private JsonObject WithAddress()
    {
        var pod = _pod.Copy();
        var status = pod.Ensure("status");
        (status["podIP"], status["hostIP"]) = (Address, HostAddress);
        return pod;
    }

    private string? MissingVolume()
    {
        foreach (var volume in _pod.Items("spec", "volumes"))
        {
            if (volume["secret"] is { } secret && !secret.Flag("optional")
                && Missing(ResourceTypes.Secrets, secret.Text("secretName"), "secret") is { } noSecret)
                return $"MountVolume.SetUp failed for volume \"{volume.Text("name")}\" : {noSecret}";
            if (volume["configMap"] is { } map && !map.Flag("optional")
                && Missing(ResourceTypes.ConfigMaps, map.Text("name"), "configmap") is { } noMap)
                return $"MountVolume.SetUp failed for volume \"{volume.Text("name")}\" : {noMap}";
            if (volume.Text("persistentVolumeClaim", "claimName") is { Length: > 0 } claim
                && _registry.Store.Find(ResourceTypes.Claims, _pod.Namespace(), claim).Text("status", "phase") != "Bound")
                return $"Unable to attach or mount volumes: unmounted volumes=[{volume.Text("name")}]: claim {claim} is not bound";
        }
        return null;
    }

    private string? Missing(ResourceType type, string name, string kind) =>
        _registry.Store.Find(type, _pod.Namespace(), name) is null ? $"{kind} \"{name}\" not found" : null;

    private Task WaitAsync(TimeSpan time, CancellationToken ct) => Task.Delay(time, _state.Clock, ct);

    private async Task LookAgainAsync(CancellationToken ct)
    {
        using var idle = CancellationTokenSource.CreateLinkedTokenSource(ct);
        await Task.WhenAny(_leave.Task, Task.Delay(Look, _state.Clock, idle.Token)).ConfigureAwait(false);
        await idle.CancelAsync().ConfigureAwait(false);
        ct.ThrowIfCancellationRequested();
    }

    private sealed class ContainerState
    {
        public (string Reason, string Message)? Waiting { get; set; }

        public bool IsRunning { get; set; }

        public bool IsReady { get; set; }

        public int Restarts { get; set; }

        public int ExitCode { get; set; }

        public string? StartedAt { get; set; }

        public string? FinishedAt { get; set; }

        public string? Id { get; set; }

        public JsonObject? Ended { get; set; }
    }
}
