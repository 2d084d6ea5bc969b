using K2hdkcDbaas.Sandbox.K2hr3.Http;
using K2hdkcDbaas.Templates;

namespace K2hdkcDbaas.Sandbox.K2hr3.Routes;

/// <summary>/ and /v1: what there is. The real service's list is out of date, and so is this.</summary>
internal static class VersionRoutes
{
    private static readonly (string Group, (string Path, string Verbs)[] Paths)[] Known =
    [
        ("version", [("/", "GET"), ("/v1", "GET")]),
        ("user token", [("/v1/user/tokens", "HEAD GET POST")]),
        ("host",
        [
            ("/v1/host", "GET PUT POST DELETE"), ("/v1/host/{port}", "PUT POST DELETE"), ("/v1/host/FQDN", "DELETE"),
            ("/v1/host/FQDN:{port}", "DELETE"), ("/v1/host/IP", "DELETE"), ("/v1/host/IP:{port}", "DELETE"),
        ]),
        ("service", [("/v1/service", "PUT POST"), ("/v1/service/{service}", "GET HEAD PUT POST DELETE")]),
        ("role", [("/v1/role", "PUT POST"), ("/v1/role/{role}", "HEAD GET PUT POST DELETE"), ("/v1/role/token/{role}", "GET")]),
        ("resource", [("/v1/resource", "PUT POST"), ("/v1/resource/{resource}", "HEAD GET DELETE")]),
        ("policy", [("/v1/policy", "PUT POST"), ("/v1/policy/{policy}", "HEAD GET DELETE")]),
        ("list", [("/v1/list", "HEAD GET"), ("/v1/list/{role, resource, policy}/{path}", "HEAD GET")]),
        ("acr", [("/v1/acr/{service}", "GET PUT POST DELETE")]),
    ];

    public static K2hr3Reply Root { get; } = new(200, new TemplateMap { ["version"] = new List<object?> { "v1" } });

    public static K2hr3Reply V1 { get; } = new(200, Describe());

    private static TemplateMap Describe()
    {
        var all = new TemplateMap();
        foreach (var (group, paths) in Known)
        {
            var map = new TemplateMap();
            foreach (var (path, verbs) in paths)
            {
                map[path] = verbs.Split(' ').ToList<object?>();
            }

            all[group] = map;
        }

        return all;
    }
}
