using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace K2hdkcDbaas.Sandbox.Keystone;

/// <summary>Keystone's answers as JSON.</summary>
internal static class KeystoneJson
{
    public static JsonObject Token(Token token, SandboxState state, bool withCatalog)
    {
        var body = new JsonObject
        {
            ["methods"] = JsonHttp.Strings(token.Methods),
            ["user"] = new JsonObject
            {
                ["domain"] = Domain(token.User.Domain),
                ["id"] = token.User.Id,
                ["name"] = token.User.Name,
                ["password_expires_at"] = null,
            },
            ["audit_ids"] = JsonHttp.Strings(token.AuditIds),
            ["expires_at"] = Micro(token.ExpiresAt),
            ["issued_at"] = Micro(token.IssuedAt),
        };
        if (token.Project is { } project)
        {
            body["project"] = new JsonObject { ["domain"] = Domain(project.Domain), ["id"] = project.Id, ["name"] = project.Name };
            body["is_domain"] = false;
            body["roles"] = JsonHttp.ToArray(token.Roles, r => new JsonObject { ["id"] = r.Id, ["name"] = r.Name });
            if (withCatalog) body["catalog"] = Catalog(state, project.Id);
        }
        if (token.Credential is { } credential)
            body["application_credential"] =
                new JsonObject { ["id"] = credential.Id, ["name"] = credential.Name, ["restricted"] = credential.Unrestricted != true };
        return new JsonObject { ["token"] = body };
    }

    public static JsonArray Catalog(SandboxState state, string projectId) =>
        JsonHttp.ToArray(state.Services.Where(s => s.ServiceType is not null), s =>
        {
            var url = state.Endpoints[s.Name].ToString().TrimEnd('/')
                + s.CatalogPath.Replace("{project_id}", projectId, StringComparison.Ordinal);
            return new JsonObject
            {
                ["endpoints"] = JsonHttp.ToArray(["public", "internal", "admin"], i => new JsonObject
                {
                    ["id"] = StableId(s.Name, i, url),
                    ["interface"] = i,
                    ["region_id"] = "RegionOne",
                    ["url"] = url,
                    ["region"] = "RegionOne",
                }),
                ["id"] = StableId(s.Name, state.Endpoints[s.Name].ToString()),
                ["type"] = s.ServiceType,
                ["name"] = s.Name,
            };
        });

    public static JsonObject Project(Project project, string baseUrl) => new()
    {
        ["id"] = project.Id,
        ["name"] = project.Name,
        ["domain_id"] = project.Domain.Id,
        ["description"] = "",
        ["enabled"] = project.Enabled,
        ["parent_id"] = project.Domain.Id,
        ["is_domain"] = false,
        ["tags"] = new JsonArray(),
        ["options"] = new JsonObject(),
        ["links"] = new JsonObject { ["self"] = $"{baseUrl}/v3/projects/{project.Id}" },
    };

    public static JsonObject User(User user, string baseUrl) => new()
    {
        ["id"] = user.Id,
        ["name"] = user.Name,
        ["domain_id"] = user.Domain.Id,
        ["enabled"] = user.Enabled,
        ["password_expires_at"] = null,
        ["options"] = new JsonObject(),
        ["links"] = new JsonObject { ["self"] = $"{baseUrl}/v3/users/{user.Id}" },
    };

    public static JsonObject List(string key, JsonArray items, string self) => new()
    {
        [key] = items,
        ["links"] = new JsonObject { ["next"] = null, ["self"] = self, ["previous"] = null },
    };

    /// <summary>2026-11-21T07:58:56.000000Z.</summary>
    public static string Micro(DateTimeOffset time) => time.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    private static JsonObject Domain(Domain domain) => new() { ["id"] = domain.Id, ["name"] = domain.Name };

    private static string StableId(params string[] of) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', of))).AsSpan(0, 16));
}
