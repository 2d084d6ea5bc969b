using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using K2hdkcDbaas.Client;

namespace K2hdkcDbaas.Benchmarks;

/// <summary>Runs k2hdkclinetool, if it is there, on a file of commands; its own start is measured with one command and taken off.</summary>
internal static class LineTool
{
    public static async Task<Result?> MeasureAsync(string configuration, int count, CancellationToken cancellationToken)
    {
        try
        {
            var ring = await ConfigurationFile.LoadAsync(configuration, cancellationToken);
            var port = ring.ControlPort > 0 ? ring.ControlPort : ring.Slaves[0].ControlPort;
            var start = await RunAsync(configuration, port, ["print bench:0"], cancellationToken);
            var sets = await RunAsync(configuration, port, Enumerable.Range(0, count).Select(i => $"set bench:{i} 0123456789"),
                cancellationToken) - start;
            var gets = await RunAsync(configuration, port, Enumerable.Range(0, count).Select(i => $"print bench:{i}"),
                cancellationToken) - start;
            return new Result("k2hdkclinetool", Mean(gets, count), Mean(sets, count));
        }
        catch (Win32Exception)
        {
            Console.WriteLine("k2hdkclinetool left out: it is not on this machine.");
            return null;
        }
    }

    // The tool does not tell single times: the mean stands for all.
    private static Latency Mean(TimeSpan whole, int count) => new(whole.TotalMicroseconds / count, double.NaN, count / whole.TotalSeconds);

    private static async Task<TimeSpan> RunAsync(string configuration, int port, IEnumerable<string> commands,
        CancellationToken cancellationToken)
    {
        var script = Path.GetTempFileName();
        try
        {
            await File.WriteAllLinesAsync(script, commands.Append("exit"), cancellationToken);
            var info = new ProcessStartInfo("k2hdkclinetool",
                ["-conf", configuration, "-ctlport", port.ToString(CultureInfo.InvariantCulture), "-perm", "-run", script])
            {
                RedirectStandardOutput = true,
                RedirectStandardInput = true,
            };
            var watch = Stopwatch.StartNew();
            using var process = Process.Start(info) ?? throw new Win32Exception();
            process.StandardInput.Close();
            await process.StandardOutput.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return watch.Elapsed;
        }
        finally
        {
            File.Delete(script);
        }
    }
}
