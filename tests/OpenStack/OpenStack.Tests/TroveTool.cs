using System.Diagnostics;
using System.Text.Json.Nodes;

namespace K2hdkcDbaas.OpenStackLife.Tests;

/// <summary>Trove's own client: <c>openstack database</c> of python-troveclient, on the same cloud.</summary>
internal static class TroveTool
{
    public static bool IsThere { get; } =
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Any(folder => File.Exists(Path.Combine(folder, "openstack")));

    /// <summary>Runs a command and reads the JSON that it prints; null when it prints none.</summary>
    public static async Task<JsonNode?> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("openstack") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in new[] { "--os-cloud", Lab.Variable("CLOUD")!, "database" }.Concat(arguments))
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, $"openstack database {string.Join(' ', arguments)}: {await errors}");
        return (await output) is { Length: > 1 } text ? JsonNode.Parse(text) : null;
    }
}
