using System.Diagnostics;
using K2hdkcDbaas.Core.Data;

namespace K2hdkcDbaas.Core.Tests.Rings;

/// <summary>
/// A ring of real chmpx and k2hdkc. <c>K2HDKC_TEST_RING_LAB</c> names the program that drives it: <c>up N</c> (copies by the variable
/// RING_REPLICA, the kind of store by RING_K2HTYPE), <c>add</c>, <c>kill I</c>, <c>down</c>, and <c>env</c>, which prints a line
/// <c>RING_INI=</c> with the INI file of a slave of the ring. With RING_WAIT=0 <c>add</c> only starts the server. Ids must be of type
/// CUSTOM.
/// </summary>
internal sealed class LabChangingRing : ChangingRing
{
    private const string Variable = "K2HDKC_TEST_RING_LAB";

    private readonly string _program;
    private readonly int _replicas;
    private FileRing? _source;

    private LabChangingRing(string program, int replicas) => (_program, _replicas) = (program, replicas);

    public override IRingSource Source => _source!;

    public static async Task<ChangingRing> StartAsync(int servers, int replicas, CancellationToken ct)
    {
        var program = Environment.GetEnvironmentVariable(Variable);
        if (string.IsNullOrEmpty(program)) Assert.Skip($"{Variable} does not name a program that drives real rings.");
        var ring = new LabChangingRing(program, replicas);
        try
        {
            await ring.RunAsync(["up", $"{servers}"], ct);
            var line = (await ring.RunAsync(["env"], ct)).Split('\n', ' ').First(l => l.StartsWith("RING_INI=", StringComparison.Ordinal));
            ring._source = new FileRing(line["RING_INI=".Length..].Trim());
            return ring;
        }
        catch
        {
            await ring.DisposeAsync();
            throw;
        }
    }

    // Whether it came in the test finds out: the module holds it off until its keys are there.
    public override Task AddAsync(CancellationToken ct) => RunAsync(["add"], ct, mayFail: true);

    public override Task KillAsync(int server, CancellationToken ct) => RunAsync(["kill", $"{server}"], ct);

    public override async ValueTask DisposeAsync() => await RunAsync(["down"], CancellationToken.None, mayFail: true);

    private async Task<string> RunAsync(string[] arguments, CancellationToken ct, bool mayFail = false)
    {
        var start = new ProcessStartInfo(_program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["RING_REPLICA"] = $"{_replicas}";
        (start.Environment["RING_WAIT"], start.Environment["RING_HELP"]) = ("0", "no");
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(ct);
        var output = await process.StandardOutput.ReadToEndAsync(ct);
        await process.WaitForExitAsync(ct);
        Assert.True(mayFail || process.ExitCode == 0, $"{_program} {string.Join(' ', arguments)}: {await errors}");
        return output;
    }
}
