using System.Text.Json.Nodes;

namespace K2hdkcDbaas.Sandbox;

/// <summary>Quotas of all services in one place, for tests and for /sandbox/quotas.</summary>
internal static class Quotas
{
    private static readonly string[] Services = ["nova", "neutron", "trove"];

    /// <summary>Sets one limit.</summary>
    public static void Set(SandboxState state, string project, string service, string resource, int limit)
    {
        lock (state.Gate)
        {
            var id = state.Identity.FindProject(project)?.Id
                ?? throw new ArgumentException($"The sandbox has no project '{project}'.", nameof(project));
            var quotas = Of(state, service, id)
                ?? throw new ArgumentException($"'{service}' has no quotas: name nova, neutron or trove.", nameof(service));
            if (!quotas.ContainsKey(resource))
                throw new ArgumentException($"'{service}' has no quota '{resource}': it has {string.Join(", ", quotas.Keys)}.",
                    nameof(resource));
            quotas[resource] = limit;
        }
    }

    /// <summary>All limits by project name and service.</summary>
    public static JsonObject All(SandboxState state)
    {
        lock (state.Gate)
        {
            return new JsonObject(state.Identity.Projects.Select(p => KeyValuePair.Create(p.Name, (JsonNode?)new JsonObject(
                Services.Select(s => KeyValuePair.Create(s, (JsonNode?)new JsonObject(
                    Of(state, s, p.Id)!.Select(q => KeyValuePair.Create(q.Key, (JsonNode?)q.Value)))))))));
        }
    }

    private static Dictionary<string, int>? Of(SandboxState state, string service, string projectId) => service switch
    {
        "nova" => state.Compute.Quotas(projectId),
        "neutron" => state.Network.Quotas(projectId),
        "trove" => state.Databases.Quotas(projectId),
        _ => null,
    };
}
