using System.Net;
using System.Text.RegularExpressions;
using K2hdkcDbaas.Sandbox.K2hr3.Http;
using K2hdkcDbaas.Sandbox.K2hr3.Store;
using K2hdkcDbaas.Templates;

namespace K2hdkcDbaas.Sandbox.K2hr3.Routes;

/// <summary>Hosts as requests give them and replies show them.</summary>
internal static partial class HostForms
{
    [GeneratedRegex(@"^[0-9]{1,3}(\.[0-9]{1,3}){3}$", RegexOptions.CultureInvariant)]
    private static partial Regex Ipv4 { get; }

    /// <summary>Whether the text is an address and no host name.</summary>
    public static bool IsAddress(string text) =>
        Ipv4.IsMatch(text) || (text.Contains(':', StringComparison.Ordinal) && IPAddress.TryParse(text, out _));

    /// <summary>Reads one host; null for one of Kubernetes whose key is not that of a pod at the address.</summary>
    /// <param name="request">The request.</param>
    /// <param name="name">Its name or address, already lower case.</param>
    /// <param name="option">Gives a member of the body or a value of the query.</param>
    /// <param name="loosens">Whether extra and tag may be JSON texts.</param>
    public static HostRecord? Read(K2hr3Request request, string name, Func<string, object?> option, bool loosens)
    {
        string? Text(string field) =>
            (loosens ? Parameters.Loosen(option(field)) : option(field)) is string { Length: > 0 } text ? text : null;

        var port = 0;
        if (option("port") is { } given and not "")
        {
            var number = TemplateValues.Number(given);
            port = !double.IsNaN(number)
                ? (int)number
                : !request.IsOld
                ? 0
                : throw new K2hr3Refusal(400, $"{request.Method} request has port which is not number: {TemplateJson.Write(given)}");
        }

        string? Address(string field)
        {
            var text = option(field) is string { Length: > 0 } given ? given : null;
            return text is null || IsAddress(text)
                ? text
                : throw new K2hr3Refusal(400,
                    $"{request.Method} request has {field[..^2]} ip address which is not ignore ip address string: "
                        + $"{TemplateJson.Write(text)}");
        }

        var host = new HostRecord(name, port, (option("cuk") as string)?.Trim() is { Length: > 0 } cuk ? cuk : null)
        {
            Extra = Text("extra"),
            Tag = Text("tag"),
            InboundIp = Address("inboundip"),
            OutboundIp = Address("outboundip"),
        };
        return host.Extra?.Trim() != "k8s-auto-v1"
            ? host
            : PodKey.Read(host.Cuk) is { } key && key.IsAt(name) ? host with { Name = key.PodAddress } : null;
    }

    /// <summary>The line of a host: parts that are empty at its end leave no blank, an empty extra before a tag is left out.</summary>
    public static string Line(HostRecord host)
    {
        var extra = host.Extra is "openstack-auto-v1" or "k8s-auto-v1" ? host.Extra : "";
        var behind = $"{extra} {$"{host.Tag} {$"{host.InboundIp} {host.OutboundIp}".TrimEnd()}".TrimEnd()}".Trim();
        return $"{host.Name} {(host.Port == 0 ? "*" : host.Port)} {host.Cuk}{(behind.Length > 0 ? " " : "")}{behind}";
    }
}
