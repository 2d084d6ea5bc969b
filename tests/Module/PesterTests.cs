using System.Diagnostics;
using System.Reflection;
using System.Text.RegularExpressions;

namespace K2hdkcDbaas.Module.Tests;

/// <summary>
/// Runs each file of the Pester suite in a real PowerShell, the dotnet tool that the checkout names, in a process of its own: a loaded
/// module stays for the life of its process.
/// </summary>
public partial class PesterTests(ITestOutputHelper output)
{
    private static readonly Lazy<Task> Tool = new(() => RunAsync("dotnet", ["tool", "restore"]));

    private static string Checkout => Fact("Checkout");

    public static TheoryData<string> Files =>
        new(Directory.GetFiles(Path.Combine(Checkout, "tests", "Module"), "*.Tests.ps1")
            .Select(f => Path.GetFileName(f)[..^".Tests.ps1".Length]).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Every_test_of_the_file_passes(string file)
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
