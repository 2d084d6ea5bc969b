using System.Diagnostics;

namespace K2hdkcDbaas.Core.Tests;

/// <summary>The example that a newcomer runs first, run as a program.</summary>
public class QuickstartTests
{
    [Fact]
    public async Task Lives_a_whole_life_and_leaves_nothing_running()
    {
        var (exit, output, id) = await RunAsync([]);
        Assert.True(exit == 0, output);
        Assert.Contains("Done in", output);
        Assert.Contains("demo-slave-1", output);
        Assert.Contains("removed policy: 1, resource: 3, role: 3, security group: 2, server: 4", output.ReplaceLineEndings(" "));
        Assert.Empty(SandboxesOf(id));
    }

    [Fact]
    public async Task Says_plainly_why_it_cannot_run()
    {
        var (exit, output, _) = await RunAsync(new() { ["DOTNET_HOST_PATH"] = "/nosuch/dotnet" });
        Assert.Equal(1, exit);
        Assert.Contains("cannot be started with '/nosuch/dotnet'", output.ReplaceLineEndings(" "));
    }

    private static async Task<(int Exit, string Output, int Id)> RunAsync(Dictionary<string, string> variables)
    {
        var program = Path.GetFullPath(
            Path.Combine(AppContext.BaseDirectory, "..", "..", "Quickstart", new DirectoryInfo(AppContext.BaseDirectory).Name,
                "Quickstart.dll"));
        var start = new ProcessStartInfo("dotnet", [program]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["NO_COLOR"] = "1";
        foreach (var (name, value) in variables) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var texts = Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        await process.WaitForExitAsync(limit.Token);
        return (process.ExitCode, string.Concat(await texts), process.Id);
    }

    private static List<string> SandboxesOf(int parent)
    {
        var left = new List<string>();
        foreach (var folder in Directory.Exists("/proc") ? Directory.GetDirectories("/proc") : [])
        {
            try
            {
                var command = File.ReadAllText(Path.Combine(folder, "cmdline"));
                if (command.Contains($"--parent-pid\0{parent}\0", StringComparison.Ordinal)) left.Add(command);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Gone, or nobody's business.
            }
        }
        return left;
    }
}
