using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace K2hdkcDbaas.Core.Tests.Sandboxed;

/// <summary>
/// Charts of a folder on loopback: a chart repository under <c>/repo</c>, one that asks for a password under <c>/private</c>, and a
/// registry as the OCI distribution specification has it, to read from only, with one repository, <c>charts/k2hdkc</c>.
/// </summary>
internal sealed class ChartServer : IAsyncDisposable
{
    public const string User = "reader";
    public const string Password = "not-for-all";

    private const string Repository = "/v2/charts/k2hdkc/";
    private const string ManifestType = "application/vnd.oci.image.manifest.v1+json";

    private readonly string _folder;
    private readonly WebApplication _server;

    private ChartServer(string folder)
    {
        _folder = folder;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _server = builder.Build();
        _server.Run(AnswerAsync);
    }

    public Uri Address => new(_server.Urls.First() + "/");

    public static async Task<ChartServer> StartAsync(string folder)
    {
        var server = new ChartServer(folder);
        await server._server.StartAsync();
        return server;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private static byte[] Json(object value) => JsonSerializer.SerializeToUtf8Bytes(value);

    private static string Digest(byte[] data) => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(data));

    private static async Task SendAsync(HttpContext http, byte[]? data, string type)
    {
        if (data is null)
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        http.Response.ContentType = type;
        http.Response.ContentLength = data.Length;
        http.Response.Headers["Docker-Content-Digest"] = Digest(data);
        if (!HttpMethods.IsHead(http.Request.Method)) await http.Response.Body.WriteAsync(data);
    }

    private Task AnswerAsync(HttpContext http)
    {
        var path = http.Request.Path.Value!;
        if (path.StartsWith(Repository, StringComparison.Ordinal)) return RegistryAsync(http, path[Repository.Length..]);
        if (path.StartsWith("/repo/", StringComparison.Ordinal)) return SendAsync(http, File(path[6..]), "application/octet-stream");
        if (!path.StartsWith("/private/", StringComparison.Ordinal)) return SendAsync(http, null, "");
        var login = "Basic " + Convert.ToBase64String(Encoding.ASCII.GetBytes($"{User}:{Password}"));
        if (http.Request.Headers.Authorization == login) return SendAsync(http, File(path[9..]), "application/octet-stream");
        http.Response.StatusCode = StatusCodes.Status401Unauthorized;
        http.Response.Headers.WWWAuthenticate = "Basic realm=\"charts\"";
        return Task.CompletedTask;
    }

    private Task RegistryAsync(HttpContext http, string path)
    {
        var versions = Directory.GetFiles(_folder, "k2hdkc-*.tgz").Select(f => Path.GetFileNameWithoutExtension(f)[7..]).ToList();
        if (path == "tags/list") return SendAsync(http, Json(new { name = "charts/k2hdkc", tags = versions }), "application/json");
        var name = path[(path.IndexOf('/', StringComparison.Ordinal) + 1)..];
        foreach (var version in versions)
        {
            var chart = File($"k2hdkc-{version}.tgz")!;
            var config = Json(new { apiVersion = "v2", name = "k2hdkc", version });
            var manifest = Json(new
            {
                schemaVersion = 2,
                mediaType = ManifestType,
                config = Part("application/vnd.cncf.helm.config.v1+json", config),
                layers = new[] { Part("application/vnd.cncf.helm.chart.content.v1.tar+gzip", chart) },
            });
            if (path.StartsWith("manifests/", StringComparison.Ordinal) && (name == version || name == Digest(manifest)))
                return SendAsync(http, manifest, ManifestType);
            foreach (var data in (byte[][])[chart, config])
            {
                if (path.StartsWith("blobs/", StringComparison.Ordinal) && name == Digest(data))
                    return SendAsync(http, data, "application/octet-stream");
            }
        }

        return SendAsync(http, null, "");
    }

    private static object Part(string mediaType, byte[] data) => new { mediaType, digest = Digest(data), size = data.Length };

    private byte[]? File(string name)
    {
        var path = Path.Combine(_folder, Path.GetFileName(name));
        return System.IO.File.Exists(path) ? System.IO.File.ReadAllBytes(path) : null;
    }
}
