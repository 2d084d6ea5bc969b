using System.Globalization;

namespace K2hdkcDbaas.Templates;

/// <summary>A role's host as templates see it.</summary>
/// <param name="Host">Its address or name.</param>
/// <param name="Port">Its port; 0 for any.</param>
public sealed record TemplateHost(string Host, int Port)
{
    /// <summary>Its custom unique key; null for none.</summary>
    public string? Cuk { get; init; }

    /// <summary>How it was registered; what K2HR3 does not know it leaves out.</summary>
    public string? Extra { get; init; }

    /// <summary>Its tag; null for none.</summary>
    public string? Tag { get; init; }

    /// <summary>The address it is called by from inside; null for none.</summary>
    public string? InboundIp { get; init; }

    /// <summary>The address it calls from; null for none.</summary>
    public string? OutboundIp { get; init; }

    /// <summary>Puts it into a collection of hosts under the name that <c>foreach</c> gives.</summary>
    /// <param name="hosts">The collection.</param>
    /// <param name="version">The older release leaves addresses that are not set out of the object.</param>
    public void AddTo(TemplateMap hosts, K2hr3Version version)
    {
        ArgumentNullException.ThrowIfNull(hosts);
        var entry = new TemplateMap
        {
            ["host"] = Host,
            ["port"] = (double)Port,
            ["extra"] = Extra is "openstack-auto-v1" or "k8s-auto-v1" ? Extra : null,
            ["tag"] = Tag,
            ["cuk"] = Cuk,
        };
        if (version == K2hr3Version.V2 || InboundIp is not null)
        {
            entry["inboundip"] = InboundIp;
        }

        if (version == K2hr3Version.V2 || OutboundIp is not null)
        {
            entry["outboundip"] = OutboundIp;
        }

        hosts[$"{Host},{Port.ToString(CultureInfo.InvariantCulture)},{Cuk}"] = entry;
    }
}
