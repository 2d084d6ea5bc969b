using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Model;

namespace K2hdkcDbaas.Commands;

/// <summary>Starts the sandbox program from beside the module, and ends it.</summary>
internal static class SandboxProgram
{
    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(5);

    /// <summary>Starts the program and waits for its ready line.</summary>
    /// <param name="arguments">The program's options.</param>
    /// <param name="timeout">How long it may take to get ready.</param>
    /// <param name="cancellationToken">Ends the wait, and the program.</param>
    public static async Task<K2hdkcSandbox> StartAsync(IEnumerable<string> arguments, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var process = Launch(arguments);
        // The tail of what it says on its way explains a failure; reading on keeps it from blocking on a full pipe.
        var complaints = new StringBuilder();
        process.ErrorDataReceived += (_, line) =>
        {
            lock (complaints)
            {
                if (complaints.Length < 4096) complaints.AppendLine(line.Data);
            }
        };
        process.BeginErrorReadLine();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeout);
        try
        {
            while (await process.StandardOutput.ReadLineAsync(limit.Token).ConfigureAwait(false) is { } line)
            {
                if (TryRead(line) is not { } ready) continue;
                _ = DrainAsync(process.StandardOutput);
                return new K2hdkcSandbox(process, ready);
            }

            await process.WaitForExitAsync(limit.Token).ConfigureAwait(false);
            throw Failed($"The sandbox ended with exit code {process.ExitCode} before it was ready: {Said(complaints)}");
        }
        catch (Exception fault)
        {
            await StopAsync(process).ConfigureAwait(false);
            if (fault is OperationCanceledException && !cancellationToken.IsCancellationRequested)
                throw Failed($"The sandbox was not ready within {timeout.TotalSeconds:0} s: {Said(complaints)}");
            throw;
        }
    }

    /// <summary>Ends the program: it is asked to, by closing its input, and killed when it does not.</summary>
    /// <param name="process">The program.</param>
    public static async Task StopAsync(Process process)
    {
        if (process.HasExited) return;
        try
        {
            process.StandardInput.Close();
            using var limit = new CancellationTokenSource(EndPatience);
            await process.WaitForExitAsync(limit.Token).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is OperationCanceledException or IOException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
        }
    }

    private static Process Launch(IEnumerable<string> arguments)
    {
        var folder = Path.Combine(Path.GetDirectoryName(typeof(SandboxProgram).Assembly.Location)!, "sandbox");
        var program = Path.Combine(folder, "K2hdkcDbaas.Sandbox.dll");
        if (!File.Exists(program))
        {
            throw new DbaasException(
                ErrorKind.NotFound, "SandboxMissing", $"There is no sandbox program at '{program}'.",
                "Build the whole solution with 'dotnet build'.");
        }

        // By the runtime's host rather than the program's own: it finds the ASP.NET runtime wherever 'dotnet' does.
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } host ? host : "dotnet")
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // Away from the terminal's process group: Ctrl+C at the prompt is for the pipeline, not for the sandbox and its data.
        if (OperatingSystem.IsWindows()) start.CreateNewProcessGroup = true;
        start.ArgumentList.Add(program);
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        start.ArgumentList.Add("--own-session");
        // It ends with this process, however this process ends.
        start.ArgumentList.Add("--exit-with-stdin");
        start.ArgumentList.Add("--parent-pid");
        start.ArgumentList.Add(Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture));
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception fault)
        {
            throw new DbaasException(
                ErrorKind.NotFound, "DotnetMissing",
                $"The sandbox needs the 'dotnet' command with the ASP.NET Core 10 runtime: {fault.Message}",
                "Install the .NET 10 SDK or the ASP.NET Core 10 runtime, and put 'dotnet' on the PATH.", fault);
        }
    }

    private static SandboxReadyLine? TryRead(string line)
    {
        if (!line.StartsWith('{')) return null;
        try
        {
            return JsonSerializer.Deserialize(line, SandboxJson.Default.SandboxReadyLine) is { Ready: true } ready ? ready : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static async Task DrainAsync(StreamReader output)
    {
        var buffer = new char[1024];
        try
        {
            while (await output.ReadAsync(buffer, CancellationToken.None).ConfigureAwait(false) > 0)
            {
                // Nobody reads it; it must not fill the pipe.
            }
        }
        catch (Exception fault) when (fault is IOException or ObjectDisposedException)
        {
            // The program has ended.
        }
    }

    private static string Said(StringBuilder complaints)
    {
        lock (complaints)
        {
            var text = complaints.ToString().Trim();
            return text.Length == 0 ? "it said nothing" : text;
        }
    }

    private static DbaasException Failed(string message) => new(
        ErrorKind.ServiceFailure, "SandboxFailed", message,
        "Check that the ASP.NET Core 10 runtime is installed ('dotnet --list-runtimes').");
}
