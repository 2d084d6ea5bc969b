using System.Collections;
using System.Globalization;
using System.Management.Automation;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.K2hr3;

namespace K2hdkcDbaas.Binding;

/// <summary>Roles with their hosts as users write them.</summary>
internal static class RoleHosts
{
    private static readonly string[] Members = ["host", "hostname", "port", "cuk", "extra", "tag", "inboundip", "outboundip", "role"];

    /// <summary>Reads a table of roles.</summary>
    /// <exception cref="DbaasException">InvalidRoleHost: an entry is no host.</exception>
    public static IReadOnlyDictionary<string, IReadOnlyList<RoleHost>> Read(IDictionary? roles) =>
        (roles ?? new Hashtable()).Cast<DictionaryEntry>().ToDictionary(
            e => LanguagePrimitives.ConvertTo<string>(e.Key), e => (IReadOnlyList<RoleHost>)[.. Each(e.Value).Select(Read)],
            StringComparer.OrdinalIgnoreCase);

    private static IEnumerable<object?> Each(object? value) => (value is PSObject wrapped ? wrapped.BaseObject : value) switch
    {
        null => [],
        string or IDictionary => [value],
        IEnumerable list => list.Cast<object?>(),
        _ => [value],
    };

    private static RoleHost Read(object? value)
    {
        var parts = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var bare = value is PSObject { BaseObject: not PSCustomObject } wrapped ? wrapped.BaseObject : value;
        if (bare is string name)
            parts["host"] = name;
        else if (bare is IDictionary map)
            foreach (DictionaryEntry entry in map)
                parts[LanguagePrimitives.ConvertTo<string>(entry.Key)] = LanguagePrimitives.ConvertTo<string>(entry.Value);
        else if (value is not null)
            foreach (var property in PSObject.AsPSObject(value).Properties)
                parts[property.Name] = LanguagePrimitives.ConvertTo<string>(property.Value);
        var unknown = parts.Keys.FirstOrDefault(p => !Members.Contains(p, StringComparer.OrdinalIgnoreCase));
        var host = Part("host").Length > 0 ? Part("host") : Part("hostname");
        var port = 0;
        if (host.Length == 0 || unknown is not null
            || (Part("port") is { Length: > 0 } text && text != "*"
                && !int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port)))
        {
            throw new DbaasException(
                ErrorKind.InvalidInput, "InvalidRoleHost",
                unknown is null ? "A host has no address or name, or its port is not valid." : $"A host has no '{unknown}'.",
                "Give hosts as addresses, or as hashtables with host, port, cuk, extra, tag, inboundip and outboundip.");
        }

        return new RoleHost
        {
            Host = host,
            Port = port,
            Cuk = Part("cuk"),
            Extra = Part("extra"),
            Tag = Part("tag"),
            InboundIp = Part("inboundip"),
            OutboundIp = Part("outboundip")
        };

        string Part(string part) => parts.GetValueOrDefault(part) ?? "";
    }
}
