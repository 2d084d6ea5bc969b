using System.Text.Json.Nodes;

namespace K2hdkcDbaas.Contracts.Tests;

/// <summary>What the API server answers.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Body">The object, or a Status.</param>
public sealed record KubernetesAnswer(int Status, JsonNode Body)
{
    public string Message => Body.Word("message");

    public string Reason => Body.Word("reason");
}
