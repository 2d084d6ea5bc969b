using System.Text.Json;

namespace K2hdkcDbaas.Sandbox.K2hr3.Routes;

/// <summary>The key (cuk) of a host that is a pod: base64, in the form for URLs too, of a JSON object with nine values.</summary>
internal sealed record PodKey(string PodAddress, string NodeAddress)
{
    private static readonly string[] Names =
    [
        "k8s_container_id", "k8s_k2hr3_rand", "k8s_namespace", "k8s_node_ip", "k8s_node_name", "k8s_pod_id", "k8s_pod_ip", "k8s_pod_name",
        "k8s_service_account",
    ];

    /// <summary>Reads a key; null when it is none, or one of its values is missing or empty.</summary>
    public static PodKey? Read(string? cuk)
    {
        if (cuk is null)
        {
            return null;
        }

        try
        {
            var text = cuk.Replace('-', '+').Replace('_', '/').Replace("%3d", "=", StringComparison.OrdinalIgnoreCase);
            using var document = JsonDocument.Parse(Convert.FromBase64String(text));
            string? Value(string name) =>
                document.RootElement.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
                    ? value.GetString()
                    : null;
            return document.RootElement.ValueKind == JsonValueKind.Object
                && Array.TrueForAll(Names, name => !string.IsNullOrEmpty(Value(name)))
                ? new PodKey(Value("k8s_pod_ip")!, Value("k8s_node_ip")!)
                : null;
        }
        catch (Exception e) when (e is FormatException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Whether a request from this address can be the pod's.</summary>
    public bool IsAt(string address) => address == PodAddress || address == NodeAddress;
}
