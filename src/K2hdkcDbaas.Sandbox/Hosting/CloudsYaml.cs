using System.Text;

namespace K2hdkcDbaas.Sandbox;

/// <summary>Writes the sandbox's clouds.yaml.</summary>
internal static class CloudsYaml
{
    public static string Write(Uri authUrl, string password, IReadOnlyDictionary<string, Uri> endpoints)
    {
        var text = new StringBuilder("# Made by the K2hdkcDbaas sandbox; good as long as it runs.\nclouds:\n");
        foreach (var (cloud, user, project) in new[] { ("sandbox", "demo", "demo"), ("sandbox-admin", "admin", "admin"),
            ("sandbox-alt", "alt", "alt") })
        {
            text.Append($"""
                  {cloud}:
                    auth_type: password
                    auth:
                      auth_url: {authUrl}
                      username: {user}
                      password: {Quote(password)}
                      project_name: {project}
                      user_domain_name: Default
                      project_domain_name: Default
                    region_name: RegionOne
                    interface: public
                    identity_api_version: 3

                """.ReplaceLineEndings("\n"));
            // A key of our own: openstacksdk passes over what it does not know.
            if (endpoints.TryGetValue("k2hr3", out var k2hr3))
                text.Append("    k2hdkc:\n      k2hr3_uri: ").Append(k2hr3.ToString().TrimEnd('/')).Append('\n');
        }

        return text.ToString();
    }

    private static string Quote(string text) => "'" + text.Replace("'", "''", StringComparison.Ordinal) + "'";
}
