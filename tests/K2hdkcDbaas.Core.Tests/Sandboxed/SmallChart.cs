using System.Text;
using K2hdkcDbaas.Core.Clusters;

namespace K2hdkcDbaas.Core.Tests.Sandboxed;

/// <summary>
/// A small chart like K2HDKC's: <c>tests/Support/SmallChart</c>, with the configuration of a cluster in it.
/// </summary>
internal static class SmallChart
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "SmallChart");

    /// <summary>Writes it.</summary>
    /// <param name="folder">Where to.</param>
    /// <param name="cluster">The cluster whose configuration it has.</param>
    /// <param name="tenant">The cluster's K2HR3 tenant.</param>
    public static void Write(string folder, string cluster, string tenant)
    {
        foreach (var (name, text) in Files(cluster, tenant))
        {
            var path = Path.Combine(folder, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text);
        }
    }

    /// <summary>What a release's record holds of it.</summary>
    public static object Record(string cluster, string tenant) => new
    {
        metadata = new { apiVersion = "v2", name = "k2hdkc", version = "1.0.10", appVersion = "1.0.10" },
        values = new { dbaas = new { server = new { count = 2 }, slave = new { count = 2 } } },
        schema = Packed(Read("values.schema.json")),
        templates = Files(cluster, tenant).Where(f => f.Name.StartsWith("templates/", StringComparison.Ordinal))
            .Select(f => new { name = f.Name, data = Packed(f.Text) }),
        files = new[] { new { name = "files/ini.templ", data = Packed(ClusterTemplate.PodText(tenant, cluster)) } },
    };

    private static string Packed(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private static string Read(string name) => File.ReadAllText(Path.Combine(Folder, name));

    private static IEnumerable<(string Name, string Text)> Files(string cluster, string tenant) =>
    [
        .. ((string[])["Chart.yaml", "values.yaml", "values.schema.json", "templates/hooks.yaml", "templates/nodes.yaml"])
            .Select(n => (n, Read(n))),
        ("files/ini.templ", ClusterTemplate.PodText(tenant, cluster)),
    ];
}
