using System.Text.Json.Nodes;
using K2hdkcDbaas.Errors;

namespace K2hdkcDbaas.Kubernetes;

/// <summary>
/// A chart on disk, in a folder of this user's own that goes with this object: where one is fetched to, or where that of a release is laid
/// out, so that a release can be changed without the place that its chart once came from.
/// </summary>
public sealed class HelmChartFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("k2hdkc-chart-");

    /// <summary>Where it lies.</summary>
    public string Path => _folder.FullName;

    /// <summary>Lays out the chart of a release.</summary>
    /// <param name="release">The release.</param>
    /// <exception cref="DbaasException"><see cref="HelmErrorIds.HelmChartUnusable"/>: Helm does not keep charts within
    /// charts.</exception>
    public static HelmChartFolder Of(HelmRelease release)
    {
        ArgumentNullException.ThrowIfNull(release);
        if (release.Chart["metadata"] is not JsonObject metadata || metadata["dependencies"] is JsonArray { Count: > 0 })
            throw new DbaasException(ErrorKind.NotSupported, HelmErrorIds.HelmChartUnusable,
                $"The chart of release '{release.Name}' consists of several charts, which Helm does not keep with the release.",
                $"Change it with 'helm upgrade {release.Name} CHART --reuse-values'.")
            { Target = release.Name };
        var chart = new HelmChartFolder();
        try
        {
            chart.Write("Chart.yaml", metadata.ToJsonString());
            chart.Write("values.yaml", (release.Chart["values"] ?? new JsonObject()).ToJsonString());
            if (release.Chart["schema"] is JsonValue schema && schema.TryGetValue<string>(out var text) && text.Length > 0)
                chart.Write("values.schema.json", Convert.FromBase64String(text));
            foreach (var file in Files(release.Chart["templates"]).Concat(Files(release.Chart["files"]))) chart.Write(file.Name, file.Data);
            return chart;
        }
        catch (Exception e)
        {
            chart.Dispose();
            if (e is FormatException or InvalidOperationException)
                throw new DbaasException(ErrorKind.InvalidResponse, HelmErrorIds.HelmReleaseUnreadable,
                    $"The chart that Helm keeps of release '{release.Name}' cannot be read: {e.Message}",
                    $"Change it with 'helm upgrade {release.Name} CHART --reuse-values'.", e)
                { Target = release.Name };
            throw;
        }
    }

    /// <summary>Puts a file beside the chart, to go with it.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="text">What it holds. No secrets.</param>
    /// <returns>Where it lies.</returns>
    public string Put(string name, string text)
    {
        var path = System.IO.Path.Combine(Path, name);
        File.WriteAllText(path, text);
        return path;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            if (_folder.Exists) _folder.Delete(recursive: true);
        }
        catch (IOException)
        {
            // A temporary folder that something still holds open is left to the system.
        }
    }

    private static IEnumerable<(string Name, byte[] Data)> Files(JsonNode? list) =>
        from file in list as JsonArray ?? []
        let name = file?["name"]?.GetValue<string>()
        where name is not null
        select (name, Convert.FromBase64String(file["data"]?.GetValue<string>() ?? ""));

    private void Write(string name, string text) => Write(name, System.Text.Encoding.UTF8.GetBytes(text));

    private void Write(string name, byte[] data)
    {
        var path = System.IO.Path.GetFullPath(System.IO.Path.Combine(Path, name));
        // A release is what someone else has written.
        if (!path.StartsWith(Path + System.IO.Path.DirectorySeparatorChar, StringComparison.Ordinal))
            throw new InvalidOperationException($"the file '{name}' does not lie in the chart.");
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, data);
    }
}
