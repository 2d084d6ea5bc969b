using System.Text.Json;
using System.Text.Json.Nodes;

namespace K2hdkcDbaas.Templates.Tests;

/// <summary>Each template that both real engines were asked, with what they answered.</summary>
public sealed class TemplateCaseTests
{
    // The first file's cases were asked of whole servers, the second one's of their engine alone (lib/k2hr3template.js).
    private static readonly Dictionary<string, JsonObject> Golden =
        new[] { "template-cases", "template-cases-hard" }.ToDictionary(name => name, name => GoldenFile.Read($"k2hr3/{name}.json"));

    public static TheoryData<string, int, K2hr3Version> Cases
    {
        get
        {
            var data = new TheoryData<string, int, K2hr3Version>();
            foreach (var (name, file) in Golden)
            {
                for (var at = 0; at < file["cases"]!.AsArray().Count; at++)
                {
                    data.Add(name, at, K2hr3Version.V1);
                    data.Add(name, at, K2hr3Version.V2);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void AnswersAsTheRealEngine(string file, int number, K2hr3Version version)
    {
        var golden = Golden[file]["cases"]![number]!.AsObject();
        var text = golden["in"]!.GetValue<string>();
        var (wantedText, wantedError) = Wanted(golden, version);
        var keys = (golden["keys"] ?? Golden["template-cases"]["keys"])!;
        var variables = (TemplateMap)TemplateJson.ToValue(JsonSerializer.SerializeToElement(keys))!;
        var before = variables.ToDictionary(each => each.Key, each => TemplateJson.Write(each.Value));

        if (text.Length == 0)
        {
            // The service does not ask the engine about empty text.
            Assert.Equal("", wantedText);
            return;
        }

        if (wantedError is not null)
        {
            var fault = Assert.Throws<TemplateException>(() => K2hr3Template.Load(text, version).Execute(variables));
            Assert.Equal(Kind(wantedError), fault.Kind);
            return;
        }

        Assert.Equal(wantedText, K2hr3Template.Load(text, version).Execute(variables));
        if (version == K2hr3Version.V2 && golden["leaves"] is JsonObject leaves)
        {
            var changed = variables.Where(each => !before.TryGetValue(each.Key, out var old) || old != TemplateJson.Write(each.Value));
            Assert.Equal(leaves.Select(leaf => leaf.Key).Order(), changed.Select(each => each.Key).Order());
            Assert.All(leaves, leaf => Assert.True(
                JsonNode.DeepEquals(leaf.Value, JsonNode.Parse(TemplateJson.Write(variables[leaf.Key]))),
                $"{leaf.Key} is {TemplateJson.Write(variables[leaf.Key])}"));
        }
    }

    private static (string? Text, string? Error) Wanted(JsonObject golden, K2hr3Version version)
    {
        if (version == K2hr3Version.V1 && (golden.ContainsKey("out_1.0.42") || golden.ContainsKey("error_1.0.42")))
        {
            return (golden["out_1.0.42"]?.GetValue<string>(), golden["error_1.0.42"]?.GetValue<string>());
        }

        return (golden["out"]?.GetValue<string>(), golden["error"]?.GetValue<string>());
    }

    private static TemplateErrorKind Kind(string error) => error switch
    {
        "load" => TemplateErrorKind.Load,
        "exec" => TemplateErrorKind.Execute,
        "http 500" => TemplateErrorKind.Crash,
        _ => throw new ArgumentException($"The golden file knows no error '{error}'."),
    };
}
