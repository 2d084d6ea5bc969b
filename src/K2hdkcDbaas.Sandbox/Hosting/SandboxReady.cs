using System.Text.Json.Serialization;
using K2hdkcDbaas.Sandbox.Kubernetes.Pods;

namespace K2hdkcDbaas.Sandbox;

/// <summary>The line that the program prints, once, when all services answer.</summary>
/// <param name="Ready">Always true; tells this line from any other.</param>
/// <param name="Pid">Process id of the program.</param>
/// <param name="AuthUrl">Keystone's URL with /v3.</param>
/// <param name="K2hr3Url">K2HR3's URL without /v1; null in a sandbox without it.</param>
/// <param name="AdminUrl">URL of the sandbox's own controls.</param>
/// <param name="CloudsFile">Path of the clouds.yaml that was written.</param>
/// <param name="Endpoints">Base URL of each service by its name.</param>
/// <param name="KubeconfigFile">Path of the kubeconfig that was written.</param>
public sealed record SandboxReady(
    bool Ready, int Pid, string AuthUrl, string? K2hr3Url, string AdminUrl, string CloudsFile,
    IReadOnlyDictionary<string, string> Endpoints, string KubeconfigFile = "");

/// <summary>JSON of the program's own answers.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, PropertyNameCaseInsensitive = true)]
[JsonSerializable(typeof(SandboxReady))]
[JsonSerializable(typeof(FaultRule))]
[JsonSerializable(typeof(PodFault))]
[JsonSerializable(typeof(IReadOnlyList<PodFault>))]
[JsonSerializable(typeof(IReadOnlyList<FaultRuleUse>))]
[JsonSerializable(typeof(IReadOnlyList<ReceivedCall>))]
internal sealed partial class SandboxJson : JsonSerializerContext;
