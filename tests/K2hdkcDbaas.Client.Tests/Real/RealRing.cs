using System.Diagnostics;

namespace K2hdkcDbaas.Client.Tests.Real;

/// <summary>
/// A real ring to test against, named by the environment; where nothing is named the tests say that they are skipped.
/// <list type="bullet">
/// <item><c>K2HDKC_TEST_RING</c>: the INI file of a slave chmpx that runs on this host, for a ring that this host may join.</item>
/// <item><c>K2HDKC_TEST_TLS_RING</c>: the same for a ring that asks for client certificates.</item>
/// <item><c>K2HDKC_TEST_NODE</c>: a command that kills and starts servers of the first ring; <c>{0}</c> in it becomes <c>kill</c> or
/// <c>start</c>, <c>{1}</c> the server's number, as in <c>node.sh {0} {1}</c>. A start returns when the server is in service.</item>
/// <item><c>k2hdkclinetool</c> on the PATH, for the tests that speak with it.</item>
/// </list>
/// </summary>
internal static class RealRing
{
    public static string Configuration => Variable("K2HDKC_TEST_RING", "a slave's INI file of a running ring");

    public static string TlsConfiguration =>
        Variable("K2HDKC_TEST_TLS_RING", "a slave's INI file of a running ring with client certificates");

    public static string NodeCommand => Variable("K2HDKC_TEST_NODE", "a command that kills and starts the ring's servers");

    public static Task<IK2hdkcClient> ConnectAsync(K2hdkcTransport transport, Func<K2hdkcClientOptions, K2hdkcClientOptions>? change = null)
    {
        var options = new K2hdkcClientOptions
        {
            ConfigurationPath = Configuration,
            Transport = transport,
            CallTimeout = TimeSpan.FromSeconds(20),
            RerouteTimeout = TimeSpan.FromSeconds(30)
        };
        return K2hdkcClientFactory.ConnectAsync(change?.Invoke(options) ?? options, TestContext.Current.CancellationToken);
    }

    /// <summary>Runs lines of the servers' own tool and returns what it prints.</summary>
    public static async Task<string> ToolAsync(params string[] lines)
    {
        var configuration = await ConfigurationFile.LoadAsync(Configuration, TestContext.Current.CancellationToken);
        var script = Path.GetTempFileName();
        try
        {
            await File.WriteAllLinesAsync(script, [.. lines, "quit"], TestContext.Current.CancellationToken);
            var port = configuration.ControlPort > 0 ? configuration.ControlPort : configuration.Slaves[0].ControlPort;
            return await RunAsync("k2hdkclinetool", ["-conf", Configuration, "-ctlport", $"{port}", "-run", script]);
        }
        finally
        {
            File.Delete(script);
        }
    }

    public static Task<string> NodeAsync(string action, int node)
    {
        var words = NodeCommand.Replace("{0}", action, StringComparison.Ordinal).Replace("{1}", $"{node}", StringComparison.Ordinal)
            .Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return RunAsync(words[0], words[1..]);
    }

    private static async Task<string> RunAsync(string program, string[] arguments)
    {
        using var process =
            new Process
            {
                StartInfo =
                new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true }
            };
        try
        {
            process.Start();
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip($"{program} is not on this machine.");
        }

        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return output + await errors;
    }

    private static string Variable(string name, string meaning)
    {
        var value = Environment.GetEnvironmentVariable(name);
        if (string.IsNullOrEmpty(value)) Assert.Skip($"{name} does not name {meaning}.");
        return value!;
    }
}
