using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace K2hdkcDbaas.Sandbox.Nova;

/// <summary>A server as each microversion shows it.</summary>
internal static class ServerJson
{
    public static JsonObject Brief(HttpContext context, Server server) => new()
    {
        ["id"] = server.Id,
        ["name"] = server.Name,
        ["links"] = NovaHttp.Links(context, "servers", server.Id),
    };

    public static JsonObject Full(HttpContext context, Server server, bool admin, bool show)
    {
        var version = context.Version();
        var body = new JsonObject
        {
            ["id"] = server.Id,
            ["name"] = server.Name,
            ["status"] = server.Status,
            ["tenant_id"] = server.ProjectId,
            ["user_id"] = server.User.Id,
            ["metadata"] = new JsonObject(server.Metadata.Select(m => KeyValuePair.Create(m.Key, (JsonNode?)m.Value))),
            ["hostId"] = server.OnHost ? HostId(server.ProjectId) : "",
            ["image"] = server.ImageId is { } image
                ? new JsonObject { ["id"] = image, ["links"] = new JsonArray(NovaHttp.Bookmark(context, "images", image)) }
                : JsonValue.Create(""),
            ["flavor"] = version >= 47
                ? new JsonObject
                {
                    ["vcpus"] = server.Flavor.Vcpus,
                    ["ram"] = server.Flavor.Ram,
                    ["disk"] = server.Flavor.Disk,
                    ["ephemeral"] = 0,
                    ["swap"] = 0,
                    ["original_name"] = server.Flavor.Name,
                    ["extra_specs"] = new JsonObject(),
                }
                : new JsonObject
                {
                    ["id"] = server.Flavor.Id,
                    ["links"] = new JsonArray(NovaHttp.Bookmark(context, "flavors", server.Flavor.Id))
                },
            ["created"] = server.Created.Seconds(),
            ["updated"] = server.Updated.Seconds(),
            ["addresses"] = Addresses(server, withMac: true),
            ["accessIPv4"] = "",
            ["accessIPv6"] = "",
            ["links"] = NovaHttp.Links(context, "servers", server.Id),
            ["OS-DCF:diskConfig"] = "MANUAL",
        };
        if (server.Fault is { } fault)
            body["fault"] = new JsonObject { ["code"] = 500, ["created"] = server.Updated.Seconds(), ["message"] = fault };
        else body["progress"] = 0;
        body["OS-EXT-AZ:availability_zone"] = server.OnHost ? server.Zone ?? "nova" : "";
        body["config_drive"] = "";
        body["key_name"] = server.KeyName;
        body["OS-SRV-USG:launched_at"] = server.Launched is { } launched ? NovaHttp.Micro(launched) : null;
        body["OS-SRV-USG:terminated_at"] = null;
        if (server.Launched is not null && server.Ports.Count > 0)
            body["security_groups"] =
                JsonHttp.ToArray(server.Ports.SelectMany(p => p.Groups).Distinct(), g => new JsonObject { ["name"] = g.Name });
        if (admin)
        {
            body["OS-EXT-SRV-ATTR:host"] = server.OnHost ? "lab" : null;
            body["OS-EXT-SRV-ATTR:instance_name"] = $"instance-{server.Number:x8}";
            body["OS-EXT-SRV-ATTR:hypervisor_hostname"] = server.OnHost ? "lab" : null;
            if (version >= 3)
            {
                body["OS-EXT-SRV-ATTR:reservation_id"] = "r-" + server.Id[..8];
                body["OS-EXT-SRV-ATTR:launch_index"] = 0;
                body["OS-EXT-SRV-ATTR:hostname"] = server.HostName;
                body["OS-EXT-SRV-ATTR:kernel_id"] = "";
                body["OS-EXT-SRV-ATTR:ramdisk_id"] = "";
                body["OS-EXT-SRV-ATTR:root_device_name"] = "/dev/sda";
                body["OS-EXT-SRV-ATTR:user_data"] = server.UserData;
            }
        }
        else if (version >= 90)
        {
            body["OS-EXT-SRV-ATTR:hostname"] = server.HostName;
        }
        body["OS-EXT-STS:task_state"] = server.TaskState;
        body["OS-EXT-STS:vm_state"] = server.VmState;
        body["OS-EXT-STS:power_state"] = server.PowerState;
        body["os-extended-volumes:volumes_attached"] = JsonHttp.ToArray(server.Volumes, v => version >= 3
            ? new JsonObject { ["id"] = v, ["delete_on_termination"] = false }
            : new JsonObject { ["id"] = v });
        if (version >= 9) body["locked"] = false;
        if (version >= 73) body["locked_reason"] = null;
        if (version >= 16 && admin) body["host_status"] = server.OnHost ? "UP" : "";
        if (version >= 19) body["description"] = server.Description;
        if (version >= 26) body["tags"] = JsonHttp.Strings(server.Tags);
        if (version >= 63) body["trusted_image_certificates"] = null;
        if (version >= 71 && show) body["server_groups"] = server.GroupId is { } group ? new JsonArray(group) : [];
        return body;
    }

    /// <summary>The answer to a change: without what extensions add.</summary>
    public static JsonObject Renamed(HttpContext context, Server server)
    {
        var body = Full(context, server, admin: false, show: false);
        foreach (var name in body.Select(m => m.Key)
            .Where(k => k.StartsWith("OS-EXT", StringComparison.Ordinal) || k.StartsWith("OS-SRV", StringComparison.Ordinal)
            || k is "config_drive" or "key_name" or "security_groups" or "os-extended-volumes:volumes_attached").ToList())
            body.Remove(name);
        return body;
    }

    public static JsonObject Addresses(Server server, bool withMac)
    {
        var body = new JsonObject();
        if (server.Launched is null) return body;
        foreach (var port in server.Ports.Where(p => p.Address is not null))
        {
            if (body[port.Network.Name] is not JsonArray list) body[port.Network.Name] = list = [];
            var address = new JsonObject { ["version"] = 4, ["addr"] = port.Address };
            if (withMac)
            {
                address["OS-EXT-IPS:type"] = "fixed";
                address["OS-EXT-IPS-MAC:mac_addr"] = port.Mac;
            }
            list.Add(address);
        }
        return body;
    }

    private static string HostId(string projectId) =>
        Convert.ToHexStringLower(SHA512.HashData(Encoding.UTF8.GetBytes(projectId + "lab")).AsSpan(0, 28));
}
