using System.Diagnostics;
using K2hdkcDbaas.Protocol.Configuration;
using K2hdkcDbaas.Protocol.Hashing;

namespace K2hdkcDbaas.Sandbox.Tests.Nodes.Rings;

/// <summary>
/// A ring of real chmpx and k2hdkc. <c>K2HDKC_TEST_RING_LAB</c> names the program that drives it, with these commands; each returns 0 when
/// the ring has settled: <c>up N</c> (copies by the variable RING_REPLICA), <c>add</c>, <c>out I</c>, <c>in I</c>, <c>kill I</c>, <c>start
/// I</c>, <c>replica R</c>, <c>down</c>, and <c>env</c>, which prints a line <c>RING_INI=</c> with the INI file of a slave of the ring. Its
/// ids must be of type CUSTOM.
/// </summary>
internal sealed class RealRingUnderTest : RingUnderTest
{
    private const string Variable = "K2HDKC_TEST_RING_LAB";

    private readonly string _program;
    private readonly int _replicas;
    private readonly HashSet<int> _down = [];
    private List<RingServer> _servers = [];

    private RealRingUnderTest(string program, int replicas) => (_program, _replicas) = (program, replicas);

    public override string Group => Configuration.Group;

    public override IReadOnlyList<RingServer?> Servers => [.. _servers.Select((s, i) => _down.Contains(i) ? null : s)];

    private RingConfiguration Configuration { get; set; } = null!;

    public static async Task<RingUnderTest> StartAsync(int servers, int replicas, CancellationToken ct)
    {
        var program = Environment.GetEnvironmentVariable(Variable);
        if (string.IsNullOrEmpty(program)) Assert.Skip($"{Variable} does not name a program that drives real rings.");
        var ring = new RealRingUnderTest(program, replicas);
        try
        {
            await ring.RunAsync(["up", $"{servers}"], ct);
            await ring.ReadAsync(ct);
            return ring;
        }
        catch
        {
            await ring.DisposeAsync();
            throw;
        }
    }

    public override async Task AddAsync(CancellationToken ct)
    {
        await RunAsync(["add"], ct);
        await ReadAsync(ct);
    }

    public override Task OutAsync(int server, CancellationToken ct) => RunAsync(["out", $"{server}"], ct);

    public override Task InAsync(int server, CancellationToken ct) => RunAsync(["in", $"{server}"], ct);

    public override async Task KillAsync(int server, CancellationToken ct)
    {
        await RunAsync(["kill", $"{server}"], ct);
        _down.Add(server);
        // The others need a while to see it and to take it out of their ring.
        await Task.Delay(TimeSpan.FromSeconds(4), ct);
    }

    public override async Task RestartAsync(int server, CancellationToken ct)
    {
        await RunAsync(["start", $"{server}"], ct);
        _down.Remove(server);
    }

    public override Task SetReplicasAsync(int replicas, CancellationToken ct) => RunAsync(["replica", $"{replicas}"], ct);

    public override async ValueTask DisposeAsync() => await RunAsync(["down"], CancellationToken.None);

    private async Task ReadAsync(CancellationToken ct)
    {
        var line = (await RunAsync(["env"], ct)).Split('\n', ' ').First(l => l.StartsWith("RING_INI=", StringComparison.Ordinal));
        Configuration = RingConfiguration.Parse(await File.ReadAllTextAsync(line["RING_INI=".Length..].Trim(), ct));
        _servers = [.. Configuration.Servers.Select(
            s => new RingServer(s.Name,
                s.Port, NodeIdentity.Compute(NodeIdType.Custom, Configuration.Group, s.Name, s.ControlPort, customSeed: s.CustomSeed)))];
    }

    private async Task<string> RunAsync(string[] arguments, CancellationToken ct)
    {
        var start = new ProcessStartInfo(_program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["RING_REPLICA"] = $"{_replicas}";
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(ct);
        var output = await process.StandardOutput.ReadToEndAsync(ct);
        await process.WaitForExitAsync(ct);
        Assert.True(process.ExitCode == 0, $"{_program} {string.Join(' ', arguments)}: {await errors}");
        return output;
    }
}
