using System.Diagnostics;

namespace K2hdkcDbaas.Sandbox.Tests.Kubernetes;

/// <summary>Runs kubectl or helm against a sandbox.</summary>
internal sealed class RealProgram
{
    private readonly string _file;
    private readonly Kube _kube;

    private RealProgram(string file, Kube kube) => (_file, _kube) = (file, kube);

    /// <summary>The program, named by a variable or on the path; skips the test where there is none.</summary>
    public static RealProgram Find(string name, Kube kube)
    {
        var variable = $"K2HDKC_TEST_{name.ToUpperInvariant()}";
        var file = Environment.GetEnvironmentVariable(variable)
            ?? (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(p => Path.Combine(p, name))
                .FirstOrDefault(File.Exists);
        if (file is null) Assert.Skip($"There is no {name} on this machine; install it, or name it in {variable}.");
        return new RealProgram(file, kube);
    }

    public Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo(_file, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true
        };
        start.Environment["KUBECONFIG"] = _kube.Host.KubeconfigFile;
        start.Environment["HOME"] = Path.GetDirectoryName(_kube.Host.KubeconfigFile);
        return Process.Start(start)!;
    }

    /// <summary>Runs it and expects success.</summary>
    /// <returns>Its standard output.</returns>
    public Task<string> RunAsync(params string[] arguments) => RunAsync(null, arguments);

    public async Task<string> RunAsync(string? input, string[] arguments)
    {
        using var process = Start(arguments);
        if (input is not null) await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var (output, error) = (process.StandardOutput.ReadToEndAsync(Kube.Ct), process.StandardError.ReadToEndAsync(Kube.Ct));
        await process.WaitForExitAsync(Kube.Ct);
        Assert.True(process.ExitCode == 0, $"{Path.GetFileName(_file)} {string.Join(' ', arguments)}: {await output}{await error}");
        return await output;
    }
}
