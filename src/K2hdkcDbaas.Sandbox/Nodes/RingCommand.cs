using System.CommandLine;
using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Protocol.Hashing;
using K2hdkcDbaas.Protocol.Ring;

namespace K2hdkcDbaas.Sandbox.Nodes;

/// <summary>The program's <c>ring</c> command: a ring of nodes with no cloud, until it is stopped.</summary>
internal static class RingCommand
{
    public static Command Create()
    {
        Option<int> servers = new("--servers") { Description = "How many server nodes.", DefaultValueFactory = _ => 3 };
        Option<int> replica = new("--replica") { Description = "Copies of each key beside the first.", DefaultValueFactory = _ => 1 };
        Option<string> group = new("--group") { Description = "The ring's name.", DefaultValueFactory = _ => "SANDBOXRING" };
        Option<string> idType = new("--id-type") { Description = "How nodes get their ids.", DefaultValueFactory = _ => "CUSTOM" };
        idType.AcceptOnlyFromAmong("CUSTOM", "CUK", "NAME");
        Option<string> address =
            new("--address") { Description = "Loopback address of the nodes.", DefaultValueFactory = _ => "127.0.0.1" };
        Option<int> port = new("--port") { Description = "Port of the first node; 0 looks for free ones." };
        var merge = MergeOption();
        Option<double> rate =
            new("--merge-rate")
            {
                Description = "Keys that a merge moves in a second.",
                DefaultValueFactory = _ => NodeRuntime.DefaultKeysPerSecond
            };
        Option<string?> certificate = new("--tls-certificate") { Description = "PEM file of the servers' certificate: switches TLS on." };
        Option<string?> key = new("--tls-key") { Description = "PEM file of its private key." };
        Option<string?> authority = new("--tls-ca") { Description = "PEM file of the authority; slaves then need a certificate from it." };
        Option<string?> data = new("--data") { Description = "Folder that keeps the nodes' data from one run to the next." };
        Option<string?> iniOut = new("--ini-out") { Description = "File to write a slave's configuration to." };
        var command = new Command("ring",
            "Runs server nodes only, and prints one JSON line when they are in service. Lines on standard input drive it: kill N, start N, "
                + "add, leave N, replica R, stick doing|done, quit.")
        {
            servers, replica, group, idType, address, port, merge, rate, certificate, key, authority, data, iniOut,
        };
        command.SetAction((parsed, ct) =>
        {
            if (!IPAddress.TryParse(parsed.GetRequiredValue(address), out var ip))
                return Fail($"'{parsed.GetValue(address)}' is not an IP address.");
            if (parsed.GetValue(servers) < 1 || parsed.GetValue(replica) < 0 || parsed.GetValue(rate) <= 0)
                return Fail("--servers takes 1 or more, --replica 0 or more, --merge-rate a number above 0.");
            if (parsed.GetValue(certificate) is null != parsed.GetValue(key) is null)
                return Fail("--tls-certificate and --tls-key go together.");
            var options = new SandboxRingOptions
            {
                Servers = parsed.GetValue(servers),
                Replicas = parsed.GetValue(replica),
                Group = parsed.GetRequiredValue(group),
                IdType = Enum.Parse<NodeIdType>(parsed.GetRequiredValue(idType), ignoreCase: true),
                Address = ip,
                FirstPort = parsed.GetValue(port),
                Merge = parsed.GetValue(merge),
                KeysPerSecond = parsed.GetValue(rate),
                DataFolder = parsed.GetValue(data),
                ServerLines = TlsLines(parsed.GetValue(certificate), parsed.GetValue(key), parsed.GetValue(authority)),
            };
            return RunAsync(options, parsed.GetValue(iniOut), ct);
        });
        return command;
    }

    /// <summary>The option that says how the members of a ring merge.</summary>
    public static Option<MergeBehavior> MergeOption() => new("--ring-merge")
    {
        Description = "Released: as chmpx is released, only the server that joins or leaves fetches data, which hides keys. Patched: every "
            + "server in service does.",
        DefaultValueFactory = _ => new NodeRuntimeOptions().Merge,
    };

    // A slave's configuration must name a slave certificate exactly when servers ask for one; the servers' own pair serves as an example.
    private static string TlsLines(string? certificate, string? key, string? authority)
    {
        if (certificate is null || key is null) return "";
        var lines = $"SSL = yes\nSSL_VERIFY_PEER = {(authority is null ? "no" : "yes")}\nSERVER_CERT = "
            + $"{Path.GetFullPath(certificate)}\nSERVER_PRIKEY = {Path.GetFullPath(key)}\n";
        return authority is null
            ? lines
            : lines + $"CAPATH = {Path.GetFullPath(authority)}\nSLAVE_CERT = {Path.GetFullPath(certificate)}\nSLAVE_PRIKEY = "
                + $"{Path.GetFullPath(key)}\n";
    }

    private static async Task<int> RunAsync(SandboxRingOptions options, string? iniOut, CancellationToken ct)
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
            var ring = await SandboxRing.StartAsync(options, end.Token).ConfigureAwait(false);
            await using (ring.ConfigureAwait(false))
            {
                if (iniOut is not null) await File.WriteAllTextAsync(iniOut, ring.SlaveConfiguration, end.Token).ConfigureAwait(false);
                var ports = string.Join(',',
                    Enumerable.Range(0, options.Servers).Select(i => ring.PortOf(i).ToString(CultureInfo.InvariantCulture)));
                await SayAsync($$"""{"ready":true,"group":"{{options.Group}}","address":"{{options.Address}}","ports":[{{ports}}],"slaveControlPort":{{ring.SlaveControlPort}}}""").ConfigureAwait(false);
                await ObeyAsync(ring, end).ConfigureAwait(false);
            }

            return 0;
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            return 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or DbaasException)
        {
            return await Fail(e.Message).ConfigureAwait(false);
        }
    }

    private static async Task ObeyAsync(SandboxRing ring, CancellationTokenSource end)
    {
        while (await Console.In.ReadLineAsync(end.Token).ConfigureAwait(false) is { } line)
        {
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 0) continue;
            if (words[0] == "quit") return;
            var isNumbered = words.Length == 2 && int.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out var given)
                && given < ring.Nodes.Count;
            var node = isNumbered ? int.Parse(words[1], CultureInfo.InvariantCulture) : ring.Nodes.Count;
            switch (words[0])
            {
                case "kill" when isNumbered:
                    await ring.KillNodeAsync(node, end.Token).ConfigureAwait(false);
                    break;
                case "leave" when isNumbered:
                    await ring.RemoveNodeAsync(node, end.Token).ConfigureAwait(false);
                    break;
                case "start" when isNumbered && ring.Nodes[node] is null:
                case "add" when words.Length == 1:
                    await ring.StartNodeAsync(node, default, end.Token).ConfigureAwait(false);
                    await ring.SettleAsync(end.Token).ConfigureAwait(false);
                    break;
                case "replica" when words.Length == 2
                    && int.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out var replicas):
                    await ring.SetReplicasAsync(replicas, end.Token).ConfigureAwait(false);
                    break;
                case "stick" when words.Length == 2 && Enum.TryParse<MergeProgress>(words[1], ignoreCase: true, out var at)
                    && at is MergeProgress.Doing or MergeProgress.Done:
                    ring.Faults.StickNextMerge("*", at);
                    break;
                default:
                    await Console.Error.WriteLineAsync(
                        $"ring: '{line}' is none of: kill N, start N (a stopped one), add, leave N, replica R, stick doing|done, quit; N "
                            + $"from 0 to {ring.Nodes.Count - 1}.").ConfigureAwait(false);
                    continue;
            }

            await SayAsync($$"""{"done":"{{words[0]}}","node":{{node}}}""").ConfigureAwait(false);
        }

        // Started with no standard input: only a signal ends it.
        await Task.Delay(Timeout.Infinite, end.Token).ConfigureAwait(false);
    }

    private static async Task SayAsync(string line)
    {
        await Console.Out.WriteLineAsync(line).ConfigureAwait(false);
        await Console.Out.FlushAsync().ConfigureAwait(false);
    }

    private static async Task<int> Fail(string message)
    {
        await Console.Error.WriteLineAsync("ring: " + message).ConfigureAwait(false);
        return 1;
    }
}
