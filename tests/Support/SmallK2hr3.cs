using K2hdkcDbaas.Core.Model;

namespace K2hdkcDbaas.Tests.Support;

/// <summary>A K2HR3 system that is as small as it gets.</summary>
internal static class SmallK2hr3
{
    /// <summary>The request for one.</summary>
    /// <param name="data">How many pods keep its data.</param>
    /// <param name="apps">How many pods run the web application.</param>
    public static NewK2hr3Deployment Wanted(int data = 1, int apps = 1) => new()
    {
        OidcIssuer = new Uri("https://login.example/dex"),
        OidcClientId = "k2hr3",
        OidcClientSecret = "client-secret",
        DataCount = data,
        ApiCount = 1,
        AppCount = apps,
        InMemory = true,
    };
}
