using System.Text.Json.Nodes;

namespace K2hdkcDbaas.Templates.Tests;

/// <summary>Answers of real services, kept under tests/Golden.</summary>
internal static class GoldenFile
{
    public static JsonObject Read(string name)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var path = Path.Combine(folder.FullName, "tests", "Golden", name);
            if (File.Exists(path))
            {
                return JsonNode.Parse(File.ReadAllText(path))!.AsObject();
            }
        }

        throw new FileNotFoundException($"tests/Golden/{name} is not above {AppContext.BaseDirectory}.");
    }
}
