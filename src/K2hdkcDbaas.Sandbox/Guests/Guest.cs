using System.Globalization;
using K2hdkcDbaas.Sandbox.Nodes;

namespace K2hdkcDbaas.Sandbox.Guests;

/// <summary>
/// One machine's inside: it boots, follows its user data, registers itself, and keeps its node to the configuration that K2HR3 gives.
/// </summary>
internal sealed class Guest(GuestDescription description, SandboxState state, INodeRuntime? nodes, DatabaseRings rings) : IDisposable
{
    private readonly GuestHttp _http = new(description.Address);
    private readonly GuestFaultKind? _fault = state.Options.GuestFaults.FirstOrDefault(fault => fault.Matches(description.Name))?.Kind;
    private RoleScript? _script;
    private IReadOnlyDictionary<string, string>? _configuration = description.Configuration;
    private CancellationTokenSource? _power;
    private Task _running = Task.CompletedTask;

    public GuestDescription Description => description;

    public GuestNode Node { get; } = new(description, nodes);

    public SerialConsole Console { get; } = new(state.Clock);

    private string FullName => description.HostName + ".novalocal";

    /// <summary>Starts to boot; what the machine does from then on it does on its own.</summary>
    public void PowerOn()
    {
        if (_power is not null)
        {
            return;
        }

        _power = CancellationTokenSource.CreateLinkedTokenSource(state.Life);
        Node.IsOn = true;
        var ct = _power.Token;
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _running = done.Task;
        state.Run(async _ =>
        {
            try
            {
                await LiveAsync(ct).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                // Power off.
            }
            finally
            {
                done.SetResult();
            }
        });
    }

    /// <summary>Cuts the power: the node is gone at once; its data stays.</summary>
    public async Task PowerOffAsync(CancellationToken ct)
    {
        if (_power is null)
        {
            return;
        }

        Node.IsOn = false;
        await _power.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        _power.Dispose();
        _power = null;
        await Node.StopAsync(ct).ConfigureAwait(false);
    }

    public Task<ReadOnlyMemory<byte>> SnapshotAsync(CancellationToken ct) => Node.SnapshotAsync(ct);

    /// <summary>The machine is gone: the others of its cluster learn of it.</summary>
    public async Task VanishAsync(CancellationToken ct)
    {
        await PowerOffAsync(ct).ConfigureAwait(false);
        await rings.LeaveAsync(this, inOrder: false, ct).ConfigureAwait(false);
    }

    /// <summary>A configuration group came, changed or went: the node joins the cluster it names, or leaves with its data moved.</summary>
    public async Task ConfigureAsync(IReadOnlyDictionary<string, string>? configuration, CancellationToken ct)
    {
        _configuration = configuration;
        if (configuration is null)
        {
            Console.Program("guest-agent", "configuration detached");
            await rings.LeaveAsync(this, inOrder: true, ct).ConfigureAwait(false);
        }
        else if (Node.IsOn)
        {
            Console.Program("guest-agent", $"configuration of cluster {configuration.GetValueOrDefault("cluster-name", "?")}");
            await rings.JoinAsync(this, configuration, ct).ConfigureAwait(false);
        }
    }

    public void Dispose()
    {
        _power?.Dispose();
        _http.Dispose();
        Node.Dispose();
    }

    private async Task LiveAsync(CancellationToken ct)
    {
        Console.Kernel("Linux version 6.8.0-sandbox (K2hdkcDbaas sandbox guest, nothing here is a real kernel)");
        Console.Kernel($"DMI: OpenStack Foundation OpenStack Nova, instance {description.Id}");
        if (_fault == GuestFaultKind.NoBoot)
        {
            Console.Kernel("VFS: Cannot open root device \"vda1\" or unknown-block(0,0): error -6");
            Console.Kernel("Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0)");
            return;
        }

        await WaitAsync(state.Options.GuestBootTime, ct).ConfigureAwait(false);
        Console.Write(string.Create(CultureInfo.InvariantCulture, $"Cloud-init v. 24.1.3 running 'init' at {state.Now:R}. Up "
            + $"{Console.Uptime:F2} seconds."));
        Console.Write($"ci-info: | eth0 | {_fault != GuestFaultKind.NoNetwork} | "
            + $"{(_fault == GuestFaultKind.NoNetwork ? "." : description.Address)} |");

        // The script is run once in a machine's life; what it left behind is there at every later start.
        _script ??= description.Kind == GuestKind.Server ? await FollowUserDataAsync(ct).ConfigureAwait(false) : null;
        Console.Write(string.Create(CultureInfo.InvariantCulture, $"Cloud-init v. 24.1.3 finished at {state.Now:R}. Datasource "
            + $"DataSourceOpenStackLocal [net,ver=2]. Up {Console.Uptime:F2} seconds"));
        Console.Write($"\n{description.HostName} login: ");
        if (_script is { } script)
        {
            await FollowConfigurationAsync(script, ct).ConfigureAwait(false);
        }
        else if (description.Kind == GuestKind.DatabaseInstance && _configuration is { } configuration)
        {
            await rings.JoinAsync(this, configuration, ct).ConfigureAwait(false);
        }
    }

    private async Task<RoleScript?> FollowUserDataAsync(CancellationToken ct)
    {
        var text = GuestHttp.Unpack(description.UserData);
        var found = CloudInit.FindScript(text);
        foreach (var include in CloudInit.Includes(text))
        {
            found ??= await FetchAsync(include, ct).ConfigureAwait(false) is { } fetched ? CloudInit.FindScript(fetched) : null;
        }

        if (found is null)
        {
            return null;
        }

        if (_fault == GuestFaultKind.NoRegistration)
        {
            Console.Program("k2hr3-init", "[ERROR] curl: command not found");
            Console.CloudInit("cc_scripts_user.py", "WARNING",
                "Failed to run module scripts-user (scripts in /var/lib/cloud/instance/scripts)");
            return null;
        }

        return await RegisterAsync(found, ct).ConfigureAwait(false) ? found : null;
    }

    private async Task<string?> FetchAsync(string url, CancellationToken ct)
    {
        const int attempts = 3;
        for (var attempt = 1; ; attempt++)
        {
            var reason = "no route to host";
            try
            {
                if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
                {
                    reason = "not a URL";
                }
                else if (_fault != GuestFaultKind.NoNetwork)
                {
                    var (status, text) = await _http.SendAsync(HttpMethod.Get, uri, null, ct).ConfigureAwait(false);
                    if (status == 200)
                    {
                        return text;
                    }

                    reason = $"bad status code [{status}]";
                }
            }
            catch (HttpRequestException e)
            {
                reason = e.Message;
            }

            Console.CloudInit("url_helper.py", "WARNING",
                $"Calling '{Show(url)}' failed [{attempt - 1}/{attempts}]: request error [{reason}]");
            if (attempt == attempts)
            {
                Console.CloudInit("user_data.py", "WARNING", $"Fetching from {Show(url)} resulted in a failure: {reason}");
                return null;
            }

            await WaitAsync(TimeSpan.FromSeconds(1), ct).ConfigureAwait(false);
        }
    }

    private async Task<bool> RegisterAsync(RoleScript script, CancellationToken ct)
    {
        var path = $"/v1/role/{script.Role}?cuk={description.Id}&extra=openstack-auto-v1&tag={Uri.EscapeDataString(FullName)}";
        for (var attempt = 1; attempt <= 3; attempt++)
        {
            var reason = await AskAsync(HttpMethod.Put, script, path, 201, ct).ConfigureAwait(false) switch
            {
                { Text: not null } => null,
                var failed => failed.Reason,
            };
            if (reason is null)
            {
                Console.Program("k2hr3-init", $"registered {description.Address} as {FullName} in {script.Role}");
                await ReadSettingsAsync(script, ct).ConfigureAwait(false);
                return true;
            }

            Console.Program("k2hr3-init", $"[ERROR] could not register in {script.Role}: {reason}");
            await WaitAsync(TimeSpan.FromSeconds(1), ct).ConfigureAwait(false);
        }

        Console.CloudInit("cc_scripts_user.py", "WARNING",
            "Failed to run module scripts-user (scripts in /var/lib/cloud/instance/scripts)");
        return false;
    }

    private async Task ReadSettingsAsync(RoleScript script, CancellationToken ct)
    {
        foreach (var key in new[] { "k2hr3-init-packages", "k2hr3-init-packagecloud-packages", "k2hr3-init-systemd-packages" })
        {
            var (text, reason) =
                await AskAsync(HttpMethod.Get, script, $"/v1/resource/{script.Resource}?type=keys&keyname={key}",
                    200, ct).ConfigureAwait(false);
            Console.Program("k2hr3-init", text is null ? $"{key}: {reason}" : $"{key}: {text}");
            if (key.EndsWith("systemd-packages", StringComparison.Ordinal) && text is not null)
            {
                Node.Role = text.Contains("k2hdkc.service", StringComparison.Ordinal) ? NodeRole.Server : NodeRole.Slave;
            }
        }
    }

    // k2hr3-get-resource runs by a timer and rewrites the configuration file when K2HR3 gives another text.
    private async Task FollowConfigurationAsync(RoleScript script, CancellationToken ct)
    {
        string? told = null;
        while (true)
        {
            var (text, reason) =
                await AskAsync(HttpMethod.Get, script, $"/v1/resource/{script.Resource}?type=string", 200, ct).ConfigureAwait(false);
            var news = text is null
                ? $"could not get {script.Resource}: {reason}"
                : await Node.ApplyAsync(text, script.Role, ct).ConfigureAwait(false);
            if (news is not null && news != told)
            {
                Console.Program("k2hr3-get-resource", news);
            }

            told = news ?? told;
            await WaitAsync(state.Options.GuestPollTime, ct).ConfigureAwait(false);
        }
    }

    private async Task<(string? Text, string Reason)> AskAsync(HttpMethod method, RoleScript script, string path, int wanted,
        CancellationToken ct)
    {
        try
        {
            var (status, text) = await _http.SendAsync(method, new Uri(script.Api, path), script.Token, ct).ConfigureAwait(false);
            return status == wanted ? (RoleAnswer.Read(text), "") : (null, $"HTTP status {status}");
        }
        catch (HttpRequestException e)
        {
            return (null, e.Message);
        }
    }

    // The path of user data is as good as the role token in it.
    private static string Show(string url)
    {
        var at = url.IndexOf("/v1/userdata/", StringComparison.Ordinal);
        return at < 0 ? url : url[..at] + "/v1/userdata/...";
    }

    private Task WaitAsync(TimeSpan time, CancellationToken ct) => Task.Delay(time, state.Clock, ct);
}
