using System.Globalization;
using K2hdkcDbaas.Errors;

namespace K2hdkcDbaas.K2hr3;

/// <summary>
/// A host of a role. K2HR3 shows it as one line of blank-separated fields: host, port or <c>*</c>, cuk, extra, tag, inbound and outbound
/// address; trailing fields may be missing (k2hr3_api src/lib/k2hr3dkc.ts).
/// </summary>
public sealed record RoleHost
{
    /// <summary>The <see cref="Extra"/> of a host registered by cloud-init.</summary>
    public const string OpenStackAuto = "openstack-auto-v1";

    /// <summary>The <see cref="Extra"/> of a pod.</summary>
    public const string KubernetesAuto = "k8s-auto-v1";

    /// <summary>Its address or name.</summary>
    public required string Host { get; init; }

    /// <summary>Its port; 0 for any.</summary>
    public int Port { get; init; }

    /// <summary>Its custom unique key, the server's id on OpenStack; empty for none.</summary>
    public string Cuk { get; init; } = "";

    /// <summary><see cref="OpenStackAuto"/>, <see cref="KubernetesAuto"/> or empty.</summary>
    public string Extra { get; init; } = "";

    /// <summary>Its tag, the guest's full host name for cloud-init's hosts; empty for none.</summary>
    public string Tag { get; init; } = "";

    /// <summary>The address it is called by from inside; empty for none.</summary>
    public string InboundIp { get; init; } = "";

    /// <summary>The address it calls from; empty for none.</summary>
    public string OutboundIp { get; init; } = "";

    /// <summary>Whether it was registered by address, not by name.</summary>
    public bool IsAddress => System.Net.IPAddress.TryParse(Host, out _);

    /// <summary>Reads a line.</summary>
    /// <param name="line">The line as K2HR3 shows it.</param>
    /// <exception cref="DbaasException">InvalidResponse: the line has no host, or a port that is none.</exception>
    public static RoleHost Parse(string line)
    {
        // Fields in the middle may be empty, so blanks count. K2HR3 trims the line's tail, and with it a missing extra: then the tag stands
        // in its place.
        var fields = line.TrimEnd().Split(' ').ToList();
        if (fields.Count > 3 && fields[3].Length > 0 && fields[3] is not (OpenStackAuto or KubernetesAuto)) fields.Insert(3, "");
        string Field(int index) => index < fields.Count ? fields[index] : "";

        var port = 0;
        if (fields[0].Length == 0
            || (Field(1) is not ("*" or "")
                && (!int.TryParse(Field(1), NumberStyles.None, CultureInfo.InvariantCulture, out port) || port > 65535)))
            throw new DbaasException(ErrorKind.InvalidResponse, "RoleHostUnreadable",
                $"K2HR3 shows a role host as '{line}', which cannot be read.",
                "Look at the role's hosts and remove that line.")
            { Service = K2hr3Errors.Name };
        return new RoleHost
        {
            Host = fields[0],
            Port = port,
            Cuk = Field(2),
            Extra = Field(3),
            Tag = Field(4),
            InboundIp = Field(5),
            OutboundIp = Field(6)
        };
    }

    /// <summary>The line as K2HR3 shows it.</summary>
    public string Format()
    {
        var tail = string.Join(' ', Extra, Tag, InboundIp, OutboundIp).Trim();
        var port = Port == 0 ? "*" : Port.ToString(CultureInfo.InvariantCulture);
        return $"{Host} {port} {Cuk}{(tail.Length == 0 ? "" : " " + tail)}";
    }

    /// <inheritdoc/>
    public override string ToString() => Format();
}
