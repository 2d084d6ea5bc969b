using System.Globalization;
using System.Text;
using K2hdkcDbaas.Protocol;
using K2hdkcDbaas.Protocol.Configuration;
using K2hdkcDbaas.Protocol.Hashing;
using K2hdkcDbaas.Protocol.Ring;
using K2hdkcDbaas.Sandbox.Nodes.Ring;

namespace K2hdkcDbaas.Sandbox.Nodes.Control;

/// <summary>The reports of a control port, laid out as chmpx lays them out (its spelling included).</summary>
internal static class NodeReport
{
    /// <summary>SELFSTATUS of a server node.</summary>
    public static string Self(NodeRing ring, RingMember node) =>
        Self(node.Configuration, ring.State.Find(node.Id) ?? node.Record(NodeStatus.Absent, ring.Now), "Server", ring.Members.Count,
            node.Sessions.Select(s => s.PeerId).Distinct().Count(), node.Traffic);

    /// <summary>SELFSTATUS of any node.</summary>
    public static string Self(RingConfiguration configuration, ServerRecord self, string mode, int servers, int slaves,
        TrafficCount traffic)
    {
        var text = new StringBuilder();
        Line(text, "Server Name               = ", self.Name);
        Line(text, "Internal ID               = 0x", Hex(self.Id));
        Line(text, "RING Name                 = ", configuration.Group);
        Line(text, "Mode                      = ", mode);
        Line(text, "Maximum MQ Count          = ",
            (Setting(configuration, "MAXMQSERVER", 1) + Setting(configuration, "MAXMQCLIENT", 1024))
                .ToString(CultureInfo.InvariantCulture));
        Line(text, "Maximum Queue / Chmpx MQ  = ", Setting(configuration, "MAXQPERSERVERMQ", 1).ToString(CultureInfo.InvariantCulture));
        Line(text, "Maximum Queue / Client MQ = ", Setting(configuration, "MAXQPERCLIENTMQ", 1).ToString(CultureInfo.InvariantCulture));
        Line(text, "Status                    = {");
        Line(text, "    Server Status         = 0x", Status(self.Status));
        Line(text, "    Last Update           = ", Time(self.StatusTime));
        Line(text, "}");
        Line(text, "Hash                      = {");
        Line(text, "    Enable Hash Value     = 0x", Hex(self.BaseSlot));
        Line(text, "    Pending Hash Value    = 0x", Hex(self.PendingSlot));
        Line(text, "}");
        Line(text, "Connection                = {");
        Line(text, "    Port(socket)          = ", self.Port < 0 ? "-1(n/a)" : $"{(short)self.Port}(12)");
        Line(text, "    Control Port(socket)  = ", $"{(short)self.ControlPort}(13)");
        Line(text, "    CUK                   = ", self.Cuk);
        Line(text, "    Custom ID Seed        = ", self.CustomSeed);
        Line(text, "    Endpoints             = ", Pairs(self.Endpoints));
        Line(text, "    Control Endppoints    = ", Pairs(self.ControlEndpoints));
        Line(text, "    Forward Peers         = ", Pairs(self.ForwardPeers));
        Line(text, "    Reverse Peers         = ", Pairs(self.ReversePeers));
        Line(text, "    SSL Connection        = ", YesNo(self.Tls.IsEnabled));
        if (self.Tls.IsEnabled)
        {
            Line(text, "    SSL Parameters        = {");
            Line(text, "        Verify Peer       = ", YesNo(self.Tls.VerifyPeer));
            Line(text, "        CA path type      = ", self.Tls.IsCaFile ? "file" : "dir");
            Line(text, "        CA path           = ", self.Tls.CaPath);
            Line(text, "        Server Cert       = ", self.Tls.ServerCertificate);
            Line(text, "        Server Private Key= ", self.Tls.ServerKey);
            Line(text, "        Slave Cert        = ", self.Tls.SlaveCertificate);
            Line(text, "        Slave Private Key = ", self.Tls.SlaveKey);
            Line(text, "        Slave Private Key = ", self.Tls.SlaveKey);
            Line(text, "    }");
        }

        Line(text, "}");
        Line(text, "Connection Count          = {");
        Line(text, "    To Servers            = ", servers.ToString(CultureInfo.InvariantCulture));
        Line(text, "    From Slaves           = ", slaves.ToString(CultureInfo.InvariantCulture));
        Line(text, "    On Control port       = 1");
        Line(text, "}");
        Line(text, "Stats                     = {");
        Traffic(text, "    To(From) Servers      = {", null);
        Traffic(text, "    To(From) Slaves       = {", traffic);
        Line(text, "}");
        return text.ToString();
    }

    /// <summary>ALLSTATUS: every server that the ring knows.</summary>
    public static string All(RingState state, string group)
    {
        var text = new StringBuilder();
        Line(text, "RING Name              = ", group);
        var number = 0;
        foreach (var server in state.Servers)
        {
            Line(text, "No.", (++number).ToString(CultureInfo.InvariantCulture));
            Line(text, "  Server Name          = ", server.Name);
            Line(text, "    Port               = ", ((short)server.Port).ToString(CultureInfo.InvariantCulture));
            Line(text, "    Control Port       = ", ((short)server.ControlPort).ToString(CultureInfo.InvariantCulture));
            Line(text, "    CUK                = ", server.Cuk);
            Line(text, "    Custom ID Seed     = ", server.CustomSeed);
            Line(text, "    Endpoints          = ", Pairs(server.Endpoints));
            Line(text, "    Control Endppoints = ", Pairs(server.ControlEndpoints));
            Line(text, "    Forward Peers      = ", Pairs(server.ForwardPeers));
            Line(text, "    Reverse Peers      = ", Pairs(server.ReversePeers));
            Line(text, "    Use SSL            = ", YesNo(server.Tls.IsEnabled));
            if (server.Tls.IsEnabled)
            {
                Line(text, "    Verify Peer        = ", YesNo(server.Tls.VerifyPeer));
                Line(text, "    CA path type       = ", server.Tls.IsCaFile ? "file" : "dir");
                Line(text, "    CA path            = ", server.Tls.CaPath);
                Line(text, "    Server Cert        = ", server.Tls.ServerCertificate);
                Line(text, "    Server Private Key = ", server.Tls.ServerKey);
                Line(text, "    Slave Cert         = ", server.Tls.SlaveCertificate);
                Line(text, "    Slave Private Key  = ", server.Tls.SlaveKey);
            }

            Line(text, "    Server Status      = 0x", Status(server.Status));
            Line(text, "    Last Update        = ", Time(server.StatusTime));
            Line(text, "    Enable Hash Value  = 0x", Hex(server.BaseSlot));
            Line(text, "    Pending Hash Value = 0x", Hex(server.PendingSlot));
        }

        return text.ToString();
    }

    /// <summary>DUMP: the part of the real one that describes the ring; there is no shared memory here to describe.</summary>
    public static string Dump(NodeRing ring, RingMember node)
    {
        var configuration = node.Configuration;
        var text = new StringBuilder();
        Line(text, "==========================================================================");
        Line(text, "CHMINFO version      = CHMINFO_VERSION 1.1");
        Line(text, "pid                  = ", Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        Line(text, "start_time           = ", node.StartedAt.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        Line(text, "chmpxid_type         = ",
            configuration.IdType switch
            {
                NodeIdType.Cuk => "cuk",
                NodeIdType.Custom => "custom",
                NodeIdType.ControlEndpoints =>
                "ctlendpoints",
                _ => "name"
            });
        Line(text, "is_random_deliver    = ", configuration.DeliveryMode == DeliveryMode.Random ? "true" : "false");
        Line(text, "automerge in conf    = ",
            YesNo(configuration.Settings.TryGetValue("AUTOMERGE", out var auto) && auto.Equals("on", StringComparison.OrdinalIgnoreCase)));
        Line(text, "suspend automerge    = ", YesNo(node.HoldsMerges));
        Line(text, "chmpx_man{");
        Line(text, "  group              = ", configuration.Group);
        Line(text, "  replica_count      = ", configuration.Replicas.ToString(CultureInfo.InvariantCulture));
        Line(text, "  chmpx_count        = ", configuration.MaxNodes.ToString(CultureInfo.InvariantCulture));
        Line(text, "  chmpx_bhash_count  = ", ring.State.BaseSlots.ToString(CultureInfo.InvariantCulture));
        Line(text, "  chmpx_server_count = ", ring.State.Servers.Count.ToString(CultureInfo.InvariantCulture));
        Line(text, "  chmpx_servers");
        Line(text, "  {");
        for (var i = 0; i < ring.State.Servers.Count; i++) DumpServer(text, ring.State.Servers[i], i);
        Line(text, "  }");
        Line(text, "  chmpx_slave_count  = ",
            node.Sessions.Select(s => s.PeerId).Distinct().Count().ToString(CultureInfo.InvariantCulture));
        Line(text, "}");
        return text.ToString();
    }

    private static void DumpServer(StringBuilder text, ServerRecord server, int index)
    {
        Line(text, $"    [{index}] = {{");
        Line(text, "      chmpx{");
        Line(text, "        chmpxid          = 0x", Hex(server.Id));
        Line(text, "        name             = ", server.Name);
        Line(text, "        mode             = server");
        Line(text, "        base_hash        = ", Slot(server.BaseSlot));
        Line(text, "        pending_hash     = ", Slot(server.PendingSlot));
        Line(text, "        port             = ", ((short)server.Port).ToString(CultureInfo.InvariantCulture));
        Line(text, "        ctlport          = ", ((short)server.ControlPort).ToString(CultureInfo.InvariantCulture));
        Line(text, "        cuk              = ", server.Cuk);
        Line(text, "        custom_seed      = ", server.CustomSeed);
        Line(text, "        is_ssl           = ", server.Tls.IsEnabled ? "true" : "false");
        Line(text, "        last_status_time = ", server.StatusTime.Value.ToString(CultureInfo.InvariantCulture));
        Line(text, "        status           = SAFE -> ", Words(server.Status));
        Line(text, "      }");
        Line(text, "    }");
    }

    private static void Traffic(StringBuilder text, string head, TrafficCount? count)
    {
        Line(text, head);
        Line(text, "        send count        = ", $"{count?.Sent ?? 0} count");
        Line(text, "        receive count     = ", $"{count?.Received ?? 0} count");
        Line(text, "        total             = ", $"{count?.Bytes ?? 0} bytes");
        Line(text, "        minimum           = ", $"{count?.Least ?? 0} bytes");
        Line(text, "        maximum           = ", $"{count?.Most ?? 0} bytes");
        Line(text, "        total             = 0s 0ns");
        Line(text, "        minimum           = 0s 0ns");
        Line(text, "        maximum           = 0s 0ns");
        Line(text, "    }");
    }

    private static void Line(StringBuilder text, string head, string value = "") => text.Append(head).Append(value).Append('\n');

    private static string Hex(ulong value) => value.ToString("x", CultureInfo.InvariantCulture);

    private static string Slot(ulong slot) =>
        slot == ServerRecord.NoSlot ? "18446744073709551615" : slot.ToString(CultureInfo.InvariantCulture);

    private static string YesNo(bool value) => value ? "yes" : "no";

    private static string Pairs(IReadOnlyList<HostPort> pairs) =>
        string.Join(',', pairs.Select(p => string.Create(CultureInfo.InvariantCulture, $"{p.Host}:{(short)p.Port}")));

    private static string Status(NodeStatus status) => $"{Hex(status.Value)}(SAFE -> {Words(status)})";

    private static string Words(NodeStatus status)
    {
        var membership = status.Membership switch
        {
            RingMembership.ServiceIn => "SERVICE IN",
            RingMembership.ServiceOut =>
            "SERVICE OUT",
            _ => "SLAVE"
        };
        var action = status.Action switch { RingAction.Add => "ADD", RingAction.Delete => "DELETE", _ => "n/a" };
        var merge = status.Merge switch
        {
            MergeProgress.Pending => "Pending",
            MergeProgress.Doing => "Doing",
            MergeProgress.Done =>
            "Done",
            _ => "Nothing"
        };
        return $"[{membership}][{(status.IsUp ? "UP" : "DOWN")}][{action}][{merge}][{(status.IsSuspended ? "Suspend" : "NoSuspend")}]";
    }

    private static string Time(StatusTime time)
    {
        var at = time.Time;
        return string.Create(CultureInfo.InvariantCulture,
            $"{at:yyyy-MM-dd HH}h {at:mm}m {at:ss}s {at.Millisecond}ms {at.Microsecond}us({time.Value})");
    }

    private static int Setting(RingConfiguration configuration, string key, int otherwise) =>
        configuration.Settings.TryGetValue(key, out var text)
            && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : otherwise;
}
