using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using K2hdkcDbaas.OpenStack;
using K2hdkcDbaas.OpenStack.Configuration;
using K2hdkcDbaas.Sandbox;

namespace K2hdkcDbaas.Core.Tests.Sandboxed;

/// <summary>An application credential of the sandbox's user, as an administrator makes it at Keystone.</summary>
internal sealed record ApplicationCredential(string Id, string Secret)
{
    public static async Task<ApplicationCredential> MakeAsync(SandboxHost sandbox)
    {
        using var cloud = new OpenStackConnection(new CloudSettings
        {
            AuthUrl = sandbox.AuthUrl,
            Credential = new PasswordCredential { UserName = "demo", Password = sandbox.Password },
            Scope = new ProjectScope { ProjectName = "demo" },
        });
        var token = await cloud.AuthenticateAsync(CancellationToken.None);
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Add("X-Auth-Token", token.Value);
        // With a length: Keystone does not read chunked bodies.
        using var wanted = new StringContent(
            """{"application_credential":{"name":"runbook","secret":"app-secret-of-the-runbook"}}""", Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync(new Uri($"{sandbox.AuthUrl}/users/{token.UserId}/application_credentials"), wanted);
        var made = (await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>()).GetProperty("application_credential");
        return new ApplicationCredential(made.GetProperty("id").GetString()!, made.GetProperty("secret").GetString()!);
    }
}
