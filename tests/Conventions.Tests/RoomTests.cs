using System.Text.RegularExpressions;

namespace K2hdkcDbaas.Conventions.Tests;

/// <summary>What is an engine's own stays in its room.</summary>
public partial class RoomTests
{
    /// <summary>Folders below Backends that are engines' own, or parts that engines compose.</summary>
    private static readonly string[] Rooms =
        [.. Directory.GetDirectories(Checkout.PathOf("src", "K2hdkcDbaas.Core", "Backends")).Select(f => Path.GetFileName(f))];

    [Fact]
    public void Nothing_outside_its_room_asks_which_engine_it_is()
    {
        var asking = Sources("src/K2hdkcDbaas.Core", "src/K2hdkcDbaas")
            .Where(f => !f.Contains("/Core/Backends/", StringComparison.Ordinal)
                && !f.Contains(".Core/Backends/", StringComparison.Ordinal))
            .Where(f => Code(f) is var code
                && (Rooms.Any(r => code.Contains($"Backends.{r};", StringComparison.Ordinal)
                    || code.Contains($"Backends.{r}.", StringComparison.Ordinal)) || Asks().IsMatch(code)))
            .Except(ReadersOfYaml);
        Assert.Empty(asking);
    }

    [Fact]
    public void An_engine_is_registered_in_one_line()
    {
        var provider = Directory.GetFiles(Checkout.PathOf("src"), "*Provider.cs", SearchOption.AllDirectories)
            .Where(f => File.ReadAllText(f).Contains(": IClusterBackendProvider", StringComparison.Ordinal))
            .Select(f => Path.GetFileNameWithoutExtension(f)).ToList();
        Assert.NotEmpty(provider);
        var known = Sources("src/K2hdkcDbaas.Core", "src/K2hdkcDbaas");
        Assert.All(provider, p => Assert.Equal(1, known.Sum(f => Regex.Count(Code(f), $@"new {p}\("))));
    }

    // Configuration groups as YAML: a format, which is Trove's.
    private static readonly string[] ReadersOfYaml =
    [
        "src/K2hdkcDbaas/Commands/ConfigurationGroups/ConfigurationSettings.cs",
        "src/K2hdkcDbaas/Commands/ConfigurationGroups/ExportK2hdkcConfigurationGroupCommand.cs",
    ];

    private static List<string> Sources(params string[] folders) =>
        [.. folders.SelectMany(f => Directory.GetFiles(Checkout.PathOf(f.Split('/')), "*.cs", SearchOption.AllDirectories))
            .Select(f => Path.GetRelativePath(Checkout.Root, f).Replace('\\', '/'))
            .Where(f => !f.Contains("/obj/", StringComparison.Ordinal))];

    private static string Code(string file) => Comment().Replace(File.ReadAllText(Checkout.PathOf(file.Split('/'))), "");

    [GeneratedRegex(@"//[^\n]*")]
    private static partial Regex Comment();

    // A comparison with an engine's name, or a member that is named after one.
    [GeneratedRegex(@"(==|!=|is|Equals\()\s*""(Nova|OpenStack|Trove|Kubernetes|Helm)""|\.(IsNova|IsTrove|IsKubernetes|IsHelm)\b|\bcase ""(Nova|OpenStack|Trove|Kubernetes|Helm)""")]
    private static partial Regex Asks();
}
