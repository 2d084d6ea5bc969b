using System.Diagnostics;
using System.Reflection;
using System.Text.RegularExpressions;

namespace K2hdkcDbaas.Module.Tests;

/// <summary>
/// Runs files of the Pester suite in a real PowerShell, the dotnet tool that the checkout names, each in a process of its own: a loaded
/// module stays for the life of its process. The suite is dealt out to classes, since xunit runs these side by side, and a file waits
/// for servers most of its time.
/// </summary>
public abstract partial class PesterTests(ITestOutputHelper output)
{
    private const int Parts = 2;

    private static readonly Lazy<Task> Tool = new(() => RunAsync("dotnet", ["tool", "restore"]));

    private static string Checkout => Fact("Checkout");

    /// <summary>The files of one part, from 0.</summary>
    protected static TheoryData<string> Files(int part) =>
        new(Directory.GetFiles(Path.Combine(Checkout, "tests", "Module"), "*.Tests.ps1")
            .Select(f => Path.GetFileName(f)[..^".Tests.ps1".Length]).Order(StringComparer.Ordinal).Where((_, i) => i % Parts == part));

    /// <summary>Runs a file; all of its tests pass, and there are some.</summary>
    protected async Task PassesAsync(string file)
    {
        await Tool.Value;
        var (exitCode, text) = await RunAsync("dotnet",
        [
            "tool", "run", "pwsh", "--", "-NoProfile", "-NonInteractive", "-File", Path.Combine(Checkout, "tests", "Module", "Run.ps1"),
            "-Filter", file, "-Exact", "-Pester", Path.Combine(Fact("Pester"), "tools", "Pester.psd1"),
        ]);
        output.WriteLine(text);
        var sum = Sum().Match(text);
        Assert.True(sum.Success, $"The suite ended with exit code {exitCode} and no sum:\n{text}");
        Assert.True(exitCode == 0 && sum.Groups["failed"].Value == "0", text);
        Assert.NotEqual("0", sum.Groups["passed"].Value);
    }

    private static async Task<(int ExitCode, string Text)> RunAsync(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = Checkout,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true
        };
        // Plain text, whatever terminal this runs in.
        start.Environment["NO_COLOR"] = "1";
        start.Environment["TERM"] = "dumb";
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var (said, complained) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        try
        {
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
        return (process.ExitCode, await said + await complained);
    }

    private static string Fact(string key) =>
        typeof(PesterTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == key).Value!;

    [GeneratedRegex(@"(?m)^(?<passed>\d+) passed, (?<failed>\d+) failed, (?<skipped>\d+) skipped")]
    private static partial Regex Sum();
}
