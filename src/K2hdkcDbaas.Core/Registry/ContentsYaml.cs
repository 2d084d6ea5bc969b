using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.K2hr3;
using K2hdkcDbaas.Templates;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace K2hdkcDbaas.Core.Registry;

/// <summary>
/// A tenant's contents as YAML. Names of the tenant's own are written bare, so a file serves another tenant as well; names of elsewhere are
/// full. In a file an absent member of an object is left alone by an import, an empty one clears.
/// </summary>
public static partial class ContentsYaml
{
    private const string Format = "k2hr3-configuration";

    /// <summary>Writes contents.</summary>
    /// <param name="contents">What to write.</param>
    /// <param name="withHosts">Whether the hosts of roles are written, too.</param>
    public static string Write(K2hr3Contents contents, bool withHosts)
    {
        ArgumentNullException.ThrowIfNull(contents);
        var resources = new YamlMappingNode();
        foreach (var (name, resource) in contents.Resources)
        {
            var node = new YamlMappingNode { { "text", Scalar(resource.Text ?? "") } };
            if (resource.Data is { ValueKind: not (JsonValueKind.Null or JsonValueKind.Undefined) } data) node.Add("object", Node(data));
            var keys = new YamlMappingNode();
            foreach (var (key, value) in (resource.Keys ?? new Dictionary<string, JsonElement>())
                .OrderBy(k => k.Key, StringComparer.Ordinal)) keys.Add(Scalar(key), Node(value));
            node.Add("keys", keys);
            node.Add("aliases", Names(resource.Aliases, contents.Tenant));
            resources.Add(Scalar(name), node);
        }

        var policies = new YamlMappingNode();
        foreach (var (name, policy) in contents.Policies)
        {
            policies.Add(Scalar(name), new YamlMappingNode
            {
                { "effect", Scalar(policy.Effect ?? "deny") },
                { "actions", new YamlSequenceNode((policy.Actions ?? []).Select(a => Scalar(a[(a.LastIndexOf(':') + 1)..]))) },
                { "resources", Names(policy.Resources, contents.Tenant) },
                { "aliases", Names(policy.Aliases, contents.Tenant) },
            });
        }

        var roles = new YamlMappingNode();
        foreach (var (name, role) in contents.Roles)
        {
            var node = new YamlMappingNode { { "policies", Names(role.Policies, contents.Tenant) },
                { "aliases", Names(role.Aliases, contents.Tenant) } };
            if (withHosts) node.Add("hosts", new YamlSequenceNode(role.Hosts.Select(h => Scalar(h.Format()))));
            roles.Add(Scalar(name), node);
        }

        var root = new YamlMappingNode
        {
            { "format", Format }, { "version", "1" }, { "tenant", Scalar(contents.Tenant) }, { "resources", resources },
            { "policies", policies }, { "roles", roles },
        };
        using var writer = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        new YamlStream(new YamlDocument(root)).Save(writer, assignAnchors: false);
        return writer.ToString();
    }

    /// <summary>Reads contents for a tenant. Own names of the file's tenant, those in texts as well, become the given tenant's.</summary>
    /// <param name="text">The YAML.</param>
    /// <param name="tenant">The tenant they are for.</param>
    /// <exception cref="DbaasException"><c>K2hr3FileInvalid</c>, with the line.</exception>
    public static K2hr3Contents Read(string text, string tenant)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(tenant);
        try
        {
            var stream = new YamlStream();
            using var reader = new StringReader(text);
            stream.Load(reader);
            if (stream.Documents is not [{ RootNode: YamlMappingNode root }] || Text(root, "format") != Format)
                throw Invalid("it does not begin with 'format: " + Format + "'", null);
            if (Text(root, "version") != "1")
                throw Invalid($"its version is '{Text(root, "version")}', and this module knows version 1", root);
            var reading = new Reading(Text(root, "tenant") is { Length: > 0 } own ? own : tenant, tenant);
            return new K2hr3Contents(tenant, Each(root, "resources", reading.Resource), Each(root, "policies", reading.Policy),
                Each(root, "roles", reading.Role));
        }
        catch (YamlException e)
        {
            throw new DbaasException(ErrorKind.InvalidInput, ErrorIds.K2hr3FileInvalid,
                $"The file is not YAML: line {e.Start.Line}, column {e.Start.Column}: {e.Message}", "Fix it there.", e);
        }
    }

    private static DbaasException Invalid(string why, YamlNode? at) => new(
        ErrorKind.InvalidInput, ErrorIds.K2hr3FileInvalid,
        $"The file is not a K2HR3 configuration: "
            + $"{why}{(at is null ? "" : string.Create(CultureInfo.InvariantCulture, $" (line {at.Start.Line})"))}.",
        "Use what Export-K2hr3Configuration wrote as a pattern.");

    private static SortedDictionary<string, T> Each<T>(YamlMappingNode root, string section, Func<YamlMappingNode, T> read)
    {
        var found = new SortedDictionary<string, T>(StringComparer.Ordinal);
        foreach (var (key, value) in (IEnumerable<KeyValuePair<YamlNode, YamlNode>>?)Map(root, section)?.Children ?? [])
        {
            if (key is not YamlScalarNode { Value.Length: > 0 } name || value is not YamlMappingNode map)
                throw Invalid($"'{section}' must hold names, each with its members", key);
            found[name.Value.ToLowerInvariant()] = read(map);
        }

        return found;
    }

    private static YamlMappingNode? Map(YamlMappingNode node, string member) => Member(node, member) switch
    {
        null or YamlScalarNode { Value: "" or null } => null,
        YamlMappingNode map => map,
        var other => throw Invalid($"'{member}' must be a map", other),
    };

    private static YamlNode? Member(YamlMappingNode node, string member) =>
        node.Children.TryGetValue(new YamlScalarNode(member), out var found) ? found : null;

    private static string? Text(YamlMappingNode node, string member) => Member(node, member) switch
    {
        null => null,
        YamlScalarNode scalar => scalar.Value ?? "",
        var other => throw Invalid($"'{member}' must be text", other),
    };

    private static List<string>? List(YamlMappingNode node, string member) => Member(node, member) switch
    {
        null => null,
        YamlSequenceNode list =>
            [.. list.Select(
                item => item is YamlScalarNode { Value.Length: > 0 } scalar
                    ? scalar.Value
                    : throw Invalid($"'{member}' must hold texts", item))],
        var other => throw Invalid($"'{member}' must be a list", other),
    };

    private static YamlSequenceNode Names(IReadOnlyList<string>? names, string tenant) =>
        new((names ?? [])
            .Select(n => Scalar(Yrn.TryParse(n, out var yrn) && yrn.Tenant == tenant && yrn.Service.Length == 0 ? yrn.Name : n)));

    private static YamlNode Node(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => Object(value),
        JsonValueKind.Array => new YamlSequenceNode(value.EnumerateArray().Select(Node)),
        JsonValueKind.String => Scalar(value.GetString()!),
        _ => new YamlScalarNode(value.GetRawText()) { Style = ScalarStyle.Plain },
    };

    private static YamlMappingNode Object(JsonElement value)
    {
        var map = new YamlMappingNode();
        foreach (var property in value.EnumerateObject()) map.Add(Scalar(property.Name), Node(property.Value));
        return map;
    }

    // Whatever a YAML reader could take for something else than this text is quoted.
    private static YamlScalarNode Scalar(string text) => new(text)
    {
        Style = text.Contains('\n', StringComparison.Ordinal)
            ? ScalarStyle.Literal
            : PlainText().IsMatch(text) && !Words().IsMatch(text) ? ScalarStyle.Plain : ScalarStyle.DoubleQuoted,
    };

    private static JsonElement Json(YamlNode node) => JsonSerializer.SerializeToElement(Value(node), ContentsJson.Default.JsonNode);

    private static JsonNode? Value(YamlNode node) => node switch
    {
        YamlMappingNode map =>
            new JsonObject(map.Children.Select(
                c => KeyValuePair.Create(c.Key is YamlScalarNode key ? key.Value ?? "" : throw Invalid("a key must be text", c.Key),
                    Value(c.Value)))),
        YamlSequenceNode list => new JsonArray([.. list.Select(Value)]),
        YamlScalarNode { Style: ScalarStyle.Plain or ScalarStyle.Any } plain => plain.Value switch
        {
            null or "" or "~" or "null" => null,
            "true" => JsonValue.Create(true),
            "false" => JsonValue.Create(false),
            var number when Number().IsMatch(number) => JsonNode.Parse(number),
            var text => JsonValue.Create(text),
        },
        YamlScalarNode scalar => JsonValue.Create(scalar.Value ?? ""),
        _ => null,
    };

    [GeneratedRegex(@"^[A-Za-z_/][A-Za-z0-9_./@-]*$")]
    private static partial Regex PlainText();

    [GeneratedRegex("^(true|false|null|yes|no|on|off|y|n)$", RegexOptions.IgnoreCase)]
    private static partial Regex Words();

    [GeneratedRegex(@"^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?$")]
    private static partial Regex Number();

    // Turns names and texts of the file's tenant into those of the one they are for.
    private sealed class Reading(string own, string tenant)
    {
        private readonly string _from = $"{Yrn.Prefix}::{own}:";
        private readonly string _to = $"{Yrn.Prefix}::{tenant}:";

        public Resource Resource(YamlMappingNode node) => new()
        {
            Text = Text(node, "text") is { } text ? Mine(text) : null,
            Data = Member(node, "object") is { } data ? Mine(Json(data)) : null,
            Keys = Member(node, "keys") is null
                ? null
                : ((IEnumerable<KeyValuePair<YamlNode, YamlNode>>?)Map(node, "keys")?.Children ?? [])
                    .ToDictionary(k => ((YamlScalarNode)k.Key).Value ?? "", k => Mine(Json(k.Value))),
            Aliases = Names(node, "aliases", YrnKind.Resource),
        };

        public Policy Policy(YamlMappingNode node) => new()
        {
            Effect = Text(node, "effect") is "allow" or "deny" or null
                ? Text(node, "effect")
                : throw Invalid("'effect' is allow or deny", node),
            Actions = List(node,
                "actions")?.ConvertAll(
                    a => a is "read" or Yrn.Read
                        ? Yrn.Read
                        : a is "write" or Yrn.Write ? Yrn.Write : throw Invalid($"there is no action '{a}', only read and write", node)),
            Resources = Names(node, "resources", YrnKind.Resource),
            Aliases = Names(node, "aliases", YrnKind.Policy),
        };

        // Null lists mean "leave alone"; a role as read never has them.
        public Role Role(YamlMappingNode node) => new(
            Names(node, "policies", YrnKind.Policy)!, Names(node, "aliases", YrnKind.Role)!,
            List(node, "hosts")?.ConvertAll(RoleHost.Parse)!);

        private List<string>? Names(YamlMappingNode node, string member, YrnKind kind) =>
            List(node, member)?.ConvertAll(n => Yrn.IsFull(n) ? Mine(n) : Yrn.Make(tenant, kind, n).ToString());

        private string Mine(string text) => own == tenant ? text : text.Replace(_from, _to, StringComparison.Ordinal);

        private JsonElement Mine(JsonElement value)
        {
            if (own == tenant) return value;
            using var changed = JsonDocument.Parse(Mine(value.GetRawText()));
            return changed.RootElement.Clone();
        }
    }
}
