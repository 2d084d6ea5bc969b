using System.CommandLine;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using K2hdkcDbaas.Sandbox.Nodes;

namespace K2hdkcDbaas.Sandbox;

/// <summary>
/// The program: starts a sandbox, prints its ready line, and ends it on SIGINT, SIGTERM, or with the process that started it.
/// </summary>
internal static class SandboxProgram
{
    public static Task<int> RunAsync(string[] args)
    {
        Option<string?> directory =
            new("--directory")
            {
                Description =
                "Folder to write clouds.yaml and kubeconfig to. Without it a temporary one, removed at the end."
            };
        Option<double> speed = new("--speed") { Description = "Sandbox seconds per real second.", DefaultValueFactory = _ => 1 };
        Option<double> build = new("--build-time") { Description = "Seconds from BUILD to ACTIVE.", DefaultValueFactory = _ => 0.8 };
        Option<double> token =
            new("--token-lifetime") { Description = "Seconds that a Keystone token lasts.", DefaultValueFactory = _ => 3600 };
        Option<string> k2hr3 =
            new("--k2hr3-version") { Description = "Version of K2HR3 to behave as.", DefaultValueFactory = _ => "1.0.42" };
        k2hr3.AcceptOnlyFromAmong("1.0.42", "2.0.3");
        Option<Uri?> k2hr3Keystone =
            new("--k2hr3-keystone") { Description = "URL of a Keystone that K2HR3 has its users from, instead of the sandbox's own." };
        Option<bool> noGuests = new("--no-guests") { Description = "Servers become ACTIVE and nothing runs in them." };
        Option<string[]> guestFault =
            new("--guest-fault")
            {
                Description =
                "NAME=NoBoot, NoNetwork, NoRegistration or NoHost: servers of that name (* for any characters) fail so. May be given "
                    + "several times."
            };
        guestFault.Validators.Add(result =>
        {
            try
            {
                foreach (var token in result.Tokens) GuestFault.Parse(token.Value);
            }
            catch (ArgumentException e)
            {
                result.AddError(e.Message);
            }
        });
        var ringMerge = RingCommand.MergeOption();
        Option<string?> network =
            new("--guest-network") { Description = "First three numbers of the network for guests, such as 127.80.0." };
        Option<int?> parent = new("--parent-pid") { Description = "End when this process has ended." };
        Option<bool> stdin = new("--exit-with-stdin") { Description = "End when standard input is closed." };
        Option<bool> ownSession =
            new("--own-session") { Description = "Leave the terminal that it is started from: Ctrl+C there does not end it." };

        var root = new RootCommand(
            "A K2hdkcDbaas cloud on this machine for trying and testing: Keystone, Nova, Glance, Neutron, Trove, K2HR3 and a Kubernetes "
                + "API on loopback. It keeps nothing and is no product database.")
        {
            directory, speed, build, token, k2hr3, k2hr3Keystone, noGuests, guestFault, ringMerge, network, parent, stdin, ownSession,
        };
        root.Subcommands.Add(RingCommand.Create());
        root.SetAction((parsed, ct) =>
        {
            if (parsed.GetValue(ownSession)) OwnSession.Enter();
            return ServeAsync(Options(parsed), parsed.GetValue(parent), parsed.GetValue(stdin), ct);
        });
        return root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });

        SandboxOptions Options(ParseResult parsed) => new()
        {
            Directory = parsed.GetValue(directory),
            Speed = parsed.GetValue(speed),
            BuildTime = TimeSpan.FromSeconds(parsed.GetValue(build)),
            TokenLifetime = TimeSpan.FromSeconds(parsed.GetValue(token)),
            K2hr3Version = parsed.GetRequiredValue(k2hr3),
            K2hr3Keystone = parsed.GetValue(k2hr3Keystone),
            Guests = !parsed.GetValue(noGuests),
            GuestFaults = [.. (parsed.GetValue(guestFault) ?? []).Select(GuestFault.Parse)],
            RingMerge = parsed.GetValue(ringMerge),
            GuestNetwork = parsed.GetValue(network),
        };
    }

    private static async Task<int> ServeAsync(SandboxOptions options, int? parentPid, bool exitWithStdin, CancellationToken ct)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(ct);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            end.Cancel();
        }

        try
        {
            var host = await SandboxHost.StartAsync(options, end.Token).ConfigureAwait(false);
            await using (host.ConfigureAwait(false))
            {
                await Console.Out.WriteLineAsync(JsonSerializer.Serialize(host.Ready, SandboxJson.Default.SandboxReady)).ConfigureAwait(
                    false);
                await Console.Out.FlushAsync(end.Token).ConfigureAwait(false);
                List<Task> ends = [Task.Delay(Timeout.Infinite, end.Token)];
                if (parentPid is { } pid) ends.Add(ProcessEndAsync(pid, end.Token));
                if (exitWithStdin) ends.Add(StdinEndAsync(end.Token));
                await Task.WhenAny(ends).ConfigureAwait(false);
                await end.CancelAsync().ConfigureAwait(false);
                foreach (var problem in host.Problems) await Console.Error.WriteLineAsync("sandbox: " + problem).ConfigureAwait(false);
            }
            return 0;
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            return 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or InvalidOperationException)
        {
            await Console.Error.WriteLineAsync("sandbox: " + e.Message).ConfigureAwait(false);
            return 1;
        }
    }

    private static async Task ProcessEndAsync(int pid, CancellationToken ct)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            await process.WaitForExitAsync(ct).ConfigureAwait(false);
        }
        catch (ArgumentException)
        {
            // It has already ended.
        }
    }

    private static async Task StdinEndAsync(CancellationToken ct)
    {
        var input = Console.OpenStandardInput();
        await using (input.ConfigureAwait(false))
        {
            var buffer = new byte[256];
            while (await input.ReadAsync(buffer, ct).ConfigureAwait(false) > 0)
            {
                // What it says does not matter, only that it is open.
            }
        }
    }
}
