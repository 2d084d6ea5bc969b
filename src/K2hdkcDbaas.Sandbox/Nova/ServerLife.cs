using K2hdkcDbaas.Sandbox.Neutron;

namespace K2hdkcDbaas.Sandbox.Nova;

/// <summary>
/// What happens to a server in time: built, booted, stopped, started, imaged, deleted. Callers hold <see cref="SandboxState.Gate"/>.
/// </summary>
internal sealed class ServerLife(SandboxState state)
{
    // A host of this sandbox: what is larger finds no valid host.
    private const int HostDisk = 10_000;
    private const int HostRam = 1024 * 1024;

    /// <summary>Accepts a server and starts to build it.</summary>
    /// <param name="server">The server, BUILD.</param>
    /// <param name="wanted">The ports it is to have: existing ones, or networks to make one on.</param>
    /// <param name="groups">Security groups of the ports that are made.</param>
    /// <param name="snapshot">State that its image holds.</param>
    public void Build(Server server, IReadOnlyList<(Network? Network, Port? Port, string? Address)> wanted, List<SecurityGroup> groups,
        ReadOnlyMemory<byte> snapshot)
    {
        state.Compute.Servers.Add(server);
        var time = state.Options.BuildTime;
        state.After(time * 0.3, () =>
        {
            if (!Lives(server)) return;
            var isUnlucky = state.Options.GuestFaults.FirstOrDefault(f => f.Matches(server.Name))?.Kind == GuestFaultKind.NoHost;
            if (isUnlucky || server.Flavor.Disk > HostDisk || server.Flavor.Ram > HostRam)
            {
                Fail(server, "No valid host was found. ");
                return;
            }
            server.TaskState = "networking";
            try
            {
                foreach (var (network, port, address) in wanted) server.Ports.Add(Plug(server, network, port, address, groups));
            }
            catch (ApiFault fault)
            {
                Fail(server, $"Exceeded maximum number of retries. Exceeded max scheduling attempts 3 for instance {server.Id}. Last "
                    + $"exception: {fault.Message}");
            }
        });
        state.After(time * 0.6, () =>
        {
            if (Lives(server) && server.VmState == "building") server.TaskState = "spawning";
        });
        state.After(time, () =>
        {
            if (!Lives(server) || server.VmState != "building") return;
            Settle(server, "active");
            server.Launched = state.Now;
            foreach (var port in server.Ports) port.Status = "ACTIVE";
            var guest = Describe(server, snapshot);
            state.ForGuest(server.Id, (guests, ct) => guests.BootAsync(guest, ct));
        });
    }

    public void Delete(Server server)
    {
        if (server.TaskState == "deleting") return;
        server.TaskState = "deleting";
        state.After(state.Options.DeleteTime, () =>
        {
            foreach (var port in server.Ports)
            {
                if (port.MadeByNova) state.Network.Ports.Remove(port);
                else (port.DeviceId, port.DeviceOwner, port.Status) = ("", "", "DOWN");
            }
            state.Compute.Servers.Remove(server);
            state.ForGuest(server.Id, (guests, ct) => guests.DestroyAsync(server.Id, ct));
        });
    }

    public void Stop(Server server)
    {
        server.TaskState = "powering-off";
        state.ForGuest(server.Id, (guests, ct) => guests.StopAsync(server.Id, ct));
        state.After(state.Options.DeleteTime, () => SettleUnlessDeleting(server, "stopped"));
    }

    public void Start(Server server)
    {
        server.TaskState = "powering-on";
        state.ForGuest(server.Id, (guests, ct) => guests.StartAsync(server.Id, ct));
        state.After(state.Options.DeleteTime, () => SettleUnlessDeleting(server, "active"));
    }

    public void Reboot(Server server, bool hard)
    {
        server.TaskState = hard ? "rebooting_hard" : "rebooting";
        state.ForGuest(server.Id, async (guests, ct) =>
        {
            await guests.StopAsync(server.Id, ct).ConfigureAwait(false);
            await guests.StartAsync(server.Id, ct).ConfigureAwait(false);
        });
        state.After(state.Options.DeleteTime, () => SettleUnlessDeleting(server, "active"));
    }

    /// <summary>Makes an image of the server: queued, saving, active, with the guest's state in it.</summary>
    public Glance.Image Snapshot(Server server, string name, Dictionary<string, string> metadata, IEnumerable<string> roles)
    {
        var image = state.Images.New(server.ProjectId);
        image.Name = name;
        image.Visibility = "private";
        image.MinDisk = server.Flavor.Disk;
        var project = state.Identity.FindProject(server.ProjectId);
        image.Properties["base_image_ref"] = server.ImageId ?? "";
        // Nova keeps at most 255 characters of each in between.
        foreach (var (key, value) in server.ImageProperties)
        {
            if (!IsOfOneImage(key)) image.Properties[key] = value.Length > 255 ? value[..255] : value;
        }
        foreach (var (key, value) in new Dictionary<string, string>
        {
            ["owner_user_name"] = server.User.Name,
            ["owner_project_name"] = project?.Name ?? "",
            ["boot_roles"] = string.Join(',', roles.Order(StringComparer.Ordinal)),
            ["instance_uuid"] = server.Id,
            ["user_id"] = server.User.Id,
            ["image_type"] = "snapshot",
        }.Concat(metadata)) image.Properties[key] = value;
        server.TaskState = "image_snapshot";
        state.After(state.Options.ImageTime * 0.3, () =>
        {
            (image.Status, image.DiskFormat, image.ContainerFormat) = ("saving", "raw", "bare");
            if (server.TaskState == "image_snapshot") server.TaskState = "image_uploading";
            state.ForGuest(server.Id, async (guests, ct) =>
            {
                var data = await guests.SnapshotAsync(server.Id, ct).ConfigureAwait(false);
                lock (state.Gate) image.Snapshot = data;
                state.After(state.Options.ImageTime * 0.7, () =>
                {
                    image.Fill(data, state.Now);
                    if (server.TaskState == "image_uploading") Settle(server, server.VmState);
                });
            });
        });
        return image;
    }

    public void Record(Server server, string action, HttpContext context) => server.Events.Insert(0, new ServerEvent(
        action, context.Response.Headers["x-openstack-request-id"].ToString(), server.User.Id, server.ProjectId, state.Now));

    private Port Plug(Server server, Network? network, Port? port, string? address, List<SecurityGroup> groups)
    {
        if (network is { External: true, Shared: false } && state.Identity.FindProject(server.ProjectId)?.Name != "admin")
            throw new ApiFault(403, $"It is not allowed to create an interface on external network {network.Id}");
        port ??= state.Network.AddPort(server.ProjectId, network!, "", address, groups, madeByNova: true);
        (port.DeviceId, port.DeviceOwner) = (server.Id, "compute:" + (server.Zone ?? "nova"));
        return port;
    }

    private static GuestDescription Describe(Server server, ReadOnlyMemory<byte> snapshot) => new()
    {
        Kind = GuestKind.Server,
        Id = server.Id,
        Name = server.Name,
        HostName = server.HostName,
        Address = server.Ports.Select(p => p.Address).FirstOrDefault(a => a is not null) ?? "",
        ProjectId = server.ProjectId,
        UserId = server.User.Id,
        UserData = server.UserData is null ? default : Convert.FromBase64String(server.UserData),
        Metadata = new Dictionary<string, string>(server.Metadata),
        Snapshot = snapshot,
    };

    // What Nova never hands on, and its default for non_inheritable_image_properties.
    private static bool IsOfOneImage(string property) => property.StartsWith("os_glance", StringComparison.Ordinal)
        || property is "cache_in_nova" or "bittorrent" or "cinder_encryption_key_id" or "cinder_encryption_key_deletion_policy"
            or "img_signature" or "img_signature_hash_method" or "img_signature_key_type" or "img_signature_certificate_uuid";

    private bool Lives(Server server) => server.TaskState != "deleting" && state.Compute.Servers.Contains(server);

    private void Fail(Server server, string message)
    {
        server.Fault = message;
        Settle(server, "error");
    }

    private void SettleUnlessDeleting(Server server, string vmState)
    {
        if (Lives(server)) Settle(server, vmState);
    }

    private void Settle(Server server, string vmState)
    {
        server.VmState = vmState;
        server.TaskState = null;
        server.Updated = state.Now;
    }
}
