using System.Diagnostics;

namespace K2hdkcDbaas.Benchmarks;

/// <summary>A ring of sandbox nodes in a process of its own, for runs that name no ring.</summary>
internal sealed class SandboxRingProcess : IDisposable
{
    private readonly Process _process;

    private SandboxRingProcess(Process process, string configurationPath) => (_process, ConfigurationPath) = (process, configurationPath);

    /// <summary>A slave's configuration for it.</summary>
    public string ConfigurationPath { get; }

    /// <summary>Starts one with three servers and waits until it is in service.</summary>
    public static async Task<SandboxRingProcess> StartAsync(CancellationToken cancellationToken)
    {
        var program = Path.Combine(Checkout(), "bin", "sandbox", "K2hdkcDbaas.Sandbox.dll");
        var configuration = Path.Combine(Path.GetTempPath(), $"ring-{Guid.NewGuid():N}.ini");
        var info = new ProcessStartInfo("dotnet",
            [program, "ring", "--servers", "3", "--ini-out", configuration])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true
        };
        var process = Process.Start(info) ?? throw new InvalidOperationException("The sandbox did not start.");
        var ready = await process.StandardOutput.ReadLineAsync(cancellationToken);
        if (ready?.Contains("\"ready\":true", StringComparison.Ordinal) != true)
            throw new InvalidOperationException($"The sandbox ring did not start: {ready}");
        return new SandboxRingProcess(process, configuration);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _process.StandardInput.WriteLine("quit");
        if (!_process.WaitForExit(5000)) _process.Kill();
        _process.Dispose();
        File.Delete(ConfigurationPath);
    }

    private static string Checkout()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "K2hdkcDbaas.psd1"))) return folder.FullName;
        }

        throw new InvalidOperationException("No checkout is above this program; build the solution there first.");
    }
}
