using System.Text.Json;
using System.Text.Json.Nodes;

namespace K2hdkcDbaas.Kubernetes;

/// <summary>The settings of a K2HR3 system's REST API and web application.</summary>
public static class K2hr3SystemSettings
{
    private const string ApiFile = "k2hr3-api-production.json";
    private const string AppFile = "k2hr3-app-production.json";
    private const string ServiceAccount = "/var/run/secrets/kubernetes.io/serviceaccount";

    /// <summary>What the Secret of settings holds. A secret.</summary>
    /// <param name="design">The system; the ports from outside are known.</param>
    /// <param name="logIn">How users sign in.</param>
    /// <param name="passphrase">What user data is encrypted with.</param>
    public static IReadOnlyDictionary<string, byte[]> Make(K2hr3SystemDesign design, K2hr3LogIn logIn, string passphrase)
    {
        ArgumentNullException.ThrowIfNull(design);
        ArgumentNullException.ThrowIfNull(logIn);
        return new Dictionary<string, byte[]>
        {
            [ApiFile] = JsonSerializer.SerializeToUtf8Bytes(Api(design, logIn, passphrase)),
            [AppFile] = JsonSerializer.SerializeToUtf8Bytes(App(design, logIn)),
        };
    }

    /// <summary>The pass phrase of settings that are there; null when they have none.</summary>
    /// <param name="held">What the Secret holds.</param>
    public static string? PassphraseOf(IReadOnlyDictionary<string, byte[]>? held)
    {
        if (held?.TryGetValue(ApiFile, out var file) != true) return null;
        try
        {
            return (string?)JsonNode.Parse(file)?["userdata"]?["passphrase"];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static JsonObject Api(K2hr3SystemDesign design, K2hr3LogIn logIn, string passphrase) => new()
    {
        ["keystone"] = new JsonObject { ["type"] = "k8soidc" },
        ["k2hdkc"] = new JsonObject
        {
            ["config"] = PodParts.EtcFolder + "/slave.ini",
            ["port"] = K2hr3SystemRing.SlaveControlPort,
        },
        ["corsips"] = new JsonArray("*"),
        ["multiproc"] = true,
        ["scheme"] = "https",
        ["runuser"] = "root",
        ["privatekey"] = PodParts.EtcFolder + "/server.key",
        ["cert"] = PodParts.EtcFolder + "/server.crt",
        ["ca"] = PodParts.EtcFolder + "/ca.crt",
        ["userdata"] = new JsonObject
        {
            ["baseuri"] = Address(design.ApiHost, design.ApiPort),
            ["cc_templ"] = "config/k2hr3-cloud-config.txt.templ",
            ["script_templ"] = "config/k2hr3-init.sh.templ",
            ["errscript_templ"] = "config/k2hr3-init-error.sh.templ",
            ["algorithm"] = "aes-256-cbc",
            ["passphrase"] = passphrase,
        },
        // K2HR3 takes no host out of its roles by itself: pods do, and our tools for those that could not.
        ["chkipconfig"] = new JsonObject { ["type"] = "NoCheck" },
        ["k8soidc"] = new JsonObject
        {
            ["audience"] = logIn.ClientId,
            ["issuer"] = logIn.Issuer.OriginalString,
            ["usernamekey"] = logIn.UserNameKey,
            ["k8sapi_url"] = "https://kubernetes.default.svc",
            ["k8s_ca_path"] = ServiceAccount + "/ca.crt",
            ["k8s_sa_token"] = ServiceAccount + "/token",
        },
    };

    private static JsonObject App(K2hr3SystemDesign design, K2hr3LogIn logIn)
    {
        var own = Address(design.AppHost, design.AppPort);
        return new JsonObject
        {
            ["scheme"] = "https",
            ["port"] = 443,
            ["multiproc"] = true,
            ["runuser"] = "root",
            ["privatekey"] = PodParts.EtcFolder + "/server.key",
            ["cert"] = PodParts.EtcFolder + "/server.crt",
            ["ca"] = PodParts.EtcFolder + "/ca.crt",
            ["validator"] = "userValidateOidc",
            ["validobj"] = null,
            ["lang"] = "en",
            ["rejectUnauthorized"] = true,
            ["extrouter"] = new JsonObject
            {
                ["oidc"] = new JsonObject
                {
                    ["name"] = "oidc",
                    ["path"] = "/oidc",
                    ["config"] = new JsonObject
                    {
                        ["debug"] = false,
                        ["logoutUrl"] = own + "/oidc/logout",
                        ["mainUrl"] = own + "/",
                        ["oidcDiscoveryUrl"] = logIn.Issuer.OriginalString,
                        ["params"] = new JsonObject
                        {
                            ["client_secret"] = logIn.ClientSecret,
                            ["client_id"] = logIn.ClientId,
                            ["redirectUrl"] = own + "/oidc/login/cb",
                            ["usernamekey"] = logIn.UserNameKey,
                            ["cookiename"] = logIn.CookieName,
                            ["cookieexpire"] = logIn.CookieExpire,
                        },
                        ["scope"] = "openid profile email",
                    },
                },
            },
            ["apischeme"] = "https",
            ["apihost"] = design.ApiHost,
            ["apiport"] = design.ApiPort,
        };
    }

    private static string Address(string host, int? port) =>
        new UriBuilder("https", host, port ?? 443).Uri.GetLeftPart(UriPartial.Authority);
}
