using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Http;

namespace K2hdkcDbaas.Kubernetes;

/// <summary>
/// The helm program, run as a child without a shell. Values go to its standard input, so that no secret stands in a command line or in a
/// file. It takes as much output as fits, and ends with its caller.
/// </summary>
/// <param name="file">Where it lies; null looks on the PATH.</param>
/// <param name="settings">Which Kubernetes it is to work on.</param>
/// <param name="redactor">Masks what it says.</param>
public sealed class HelmProgram(string? file, KubernetesSettings settings, Redactor redactor)
{
    private const int MaxOutput = 16 << 20;
    private const int MaxError = 64 << 10;

    private int _major;

    /// <summary>Where the program lies.</summary>
    /// <exception cref="DbaasException"><see cref="HelmErrorIds.HelmNotFound"/>, with the way to get it.</exception>
    public string Find()
    {
        if (file is not null)
            return File.Exists(file) ? file : throw Missing($"There is no helm program '{file}'.", file);
        var name = OperatingSystem.IsWindows() ? "helm.exe" : "helm";
        return (settings.Variable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists)
            ?? throw Missing("This needs the helm program, which is not on the PATH.", name);
    }

    /// <summary>Which Helm it is: 3 or 4. It is asked once.</summary>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="DbaasException"><see cref="HelmErrorIds.HelmNotFound"/>: it is none of these.</exception>
    public async Task<int> MajorAsync(CancellationToken cancellationToken)
    {
        if (_major > 0) return _major;
        var said = (await RunAsync(["version", "--template", "{{.Version}}"], "default", null, cancellationToken).ConfigureAwait(false))
            .Trim();
        var digits = new string([.. said.TrimStart('v').TakeWhile(char.IsAsciiDigit)]);
        return int.TryParse(digits, CultureInfo.InvariantCulture, out var major) && major >= 3
            ? _major = major
            : throw Missing($"The program '{Find()}' is no Helm 3 or 4: it gives its version as '{said}'.", Find());
    }

    /// <summary>Runs it.</summary>
    /// <param name="arguments">The arguments, the command first. No secrets.</param>
    /// <param name="space">The namespace.</param>
    /// <param name="input">What it reads; null for nothing. May hold secrets.</param>
    /// <param name="cancellationToken">Kills it.</param>
    /// <returns>What it wrote to its standard output.</returns>
    /// <exception cref="DbaasException">It failed, or could not be run.</exception>
    public async Task<string> RunAsync(IReadOnlyList<string> arguments, string space, string? input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        cancellationToken.ThrowIfCancellationRequested();
        var start = new ProcessStartInfo(Find())
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(false),
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        start.ArgumentList.Add("--namespace");
        start.ArgumentList.Add(space);
        if (settings.Context is { } context)
        {
            start.ArgumentList.Add("--kube-context");
            start.ArgumentList.Add(context);
        }

        if ((settings.Kubeconfig ?? settings.Variable("KUBECONFIG")) is { Length: > 0 } kubeconfig)
            start.Environment["KUBECONFIG"] = kubeconfig;
        // It prints what is sent, tokens and all.
        start.Environment.Remove("HELM_DEBUG");

        using var process = new Process { StartInfo = start };
        try
        {
            process.Start();
        }
        catch (Win32Exception e)
        {
            throw new DbaasException(ErrorKind.InvalidInput, HelmErrorIds.HelmNotFound, $"'{start.FileName}' cannot be run: {e.Message}.",
                "Give the helm program with -HelmPath.", e)
            { Target = start.FileName };
        }

        try
        {
            var output = ReadAsync(process.StandardOutput, MaxOutput, cancellationToken);
            var error = ReadAsync(process.StandardError, MaxError, cancellationToken);
            await WriteAsync(process.StandardInput, input, cancellationToken).ConfigureAwait(false);
            await Task.WhenAll(output, error).ConfigureAwait(false);
            await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
            if (process.ExitCode == 0) return await output.ConfigureAwait(false);
            throw HelmFaults.Of(redactor.Text(await error.ConfigureAwait(false)), process.ExitCode, arguments);
        }
        finally
        {
            Kill(process);
        }
    }

    private static DbaasException Missing(string message, string target) =>
        new(ErrorKind.InvalidInput, HelmErrorIds.HelmNotFound, message,
            "Install Helm 3 or 4 (https://helm.sh/docs/intro/install), or give the program with -HelmPath of Connect-K2hdkcDbaas.")
        { Target = target };

    private static async Task WriteAsync(StreamWriter to, string? input, CancellationToken cancellationToken)
    {
        try
        {
            if (input is not null) await to.WriteAsync(input.AsMemory(), cancellationToken).ConfigureAwait(false);
            to.Close();
        }
        catch (IOException)
        {
            // It ended without reading; its exit code says why.
        }
    }

    private static async Task<string> ReadAsync(StreamReader from, int limit, CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        var buffer = new char[8192];
        for (int read; (read = await from.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0;)
            text.Append(buffer, 0, Math.Min(read, limit - text.Length));
        return text.ToString();
    }

    private static void Kill(Process process)
    {
        try
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It has ended meanwhile.
        }
    }
}
