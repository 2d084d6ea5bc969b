using System.ComponentModel;
using System.Diagnostics;
using System.Reflection;
using System.Text.Json;

namespace K2hdkcDbaas.Quickstart;

/// <summary>The sandbox as a program beside this one. It ends when its input is closed, so also when this program dies.</summary>
internal sealed class SandboxProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(5);

    private readonly Process _process;

    private SandboxProcess(Process process, JsonElement ready)
    {
        _process = process;
        CloudsFile = ready.GetProperty("clouds_file").GetString()!;
        K2hr3Url = ready.GetProperty("k2hr3_url").GetString()!;
    }

    public string CloudsFile { get; }

    public string K2hr3Url { get; }

    public int Id => _process.Id;

    public static async Task<SandboxProcess> StartAsync(CancellationToken cancellationToken)
    {
        var program = typeof(SandboxProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(a => a.Key == "SandboxProgram").Value!;
        if (!File.Exists(program))
            throw new InvalidOperationException($"There is no sandbox program at '{program}'. Build first: dotnet build.");
        var process = Launch(program);
        // Read on, lest it blocks on a full pipe; the first words explain a failure.
        var complaint = process.StandardError.ReadToEndAsync(CancellationToken.None);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(StartLimit);
        try
        {
            var line = await process.StandardOutput.ReadLineAsync(limit.Token);
            if (line is null) throw new InvalidOperationException($"The sandbox ended before it was ready: {await complaint}");
            using var json = JsonDocument.Parse(line);
            return new SandboxProcess(process, json.RootElement);
        }
        catch
        {
            await EndAsync(process);
            throw;
        }
    }

    public ValueTask DisposeAsync() => new(EndAsync(_process));

    private static Process Launch(string program)
    {
        var host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } path ? path : "dotnet";
        string[] arguments = [program, "--exit-with-stdin", "--parent-pid", $"{Environment.ProcessId}"];
        try
        {
            return Process.Start(
                new ProcessStartInfo(host, arguments)
                {
                    RedirectStandardInput = true,
                    RedirectStandardOutput = true,
                    RedirectStandardError = true
                })!;
        }
        catch (Win32Exception e)
        {
            throw new InvalidOperationException(
                $"The sandbox cannot be started with '{host}': {e.Message}. It needs the .NET 10 SDK on the PATH.", e);
        }
    }

    private static async Task EndAsync(Process process)
    {
        using (process)
        {
            try
            {
                process.StandardInput.Close();
                using var limit = new CancellationTokenSource(EndLimit);
                await process.WaitForExitAsync(limit.Token);
            }
            catch (Exception e) when (e is OperationCanceledException or IOException)
            {
                process.Kill(entireProcessTree: true);
                await process.WaitForExitAsync();
            }
        }
    }
}
