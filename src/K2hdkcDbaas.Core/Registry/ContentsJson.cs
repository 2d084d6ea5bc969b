using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace K2hdkcDbaas.Core.Registry;

/// <summary>JSON without reflection.</summary>
[JsonSerializable(typeof(JsonNode))]
internal sealed partial class ContentsJson : JsonSerializerContext;
