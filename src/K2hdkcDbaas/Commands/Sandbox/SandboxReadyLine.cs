using System.Text.Json.Serialization;

namespace K2hdkcDbaas.Commands;

/// <summary>The line of JSON that the sandbox program prints when it is ready.</summary>
internal sealed record SandboxReadyLine(
    bool Ready, int Pid, string AuthUrl, string? K2hr3Url, string AdminUrl, string CloudsFile,
    IReadOnlyDictionary<string, string> Endpoints,
    string KubeconfigFile);

/// <summary>Reads that line.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(SandboxReadyLine))]
internal sealed partial class SandboxJson : JsonSerializerContext;
