using K2hdkcDbaas.Sandbox.Neutron;

namespace K2hdkcDbaas.Sandbox.Trove;

/// <summary>
/// What happens to instances, clusters and backups in time: the work of Trove's task manager and guest agent. Callers hold
/// <see cref="SandboxState.Gate"/>.
/// </summary>
internal sealed class DatabaseLife(SandboxState state)
{
    private DatabaseStore Store => state.Databases;

    /// <summary>Starts to build instances.</summary>
    /// <param name="instances">New ones, BUILD.</param>
    /// <param name="built">Runs when all of them are built and running.</param>
    public void Build(IReadOnlyList<Instance> instances, Action? built = null)
    {
        Store.Instances.AddRange(instances);
        state.After(state.Options.BuildTime, () =>
        {
            var living = instances.Where(Store.Instances.Contains).ToList();
            foreach (var instance in living)
            {
                if (!Plug(instance) || !Wakes(instance)) continue;
                var guest = Describe(instance);
                state.ForGuest(instance.Id, (guests, ct) => guests.BootAsync(guest, ct));
                Settle(instance, "ACTIVE");
            }
            if (built is null) return;
            if (living.TrueForAll(i => i.Status == "ACTIVE")) built();
            // For one member that failed Trove gives up all that the cluster has, and leaves its task where it is until an administrator
            // comes.
            else foreach (var member in living.Select(i => i.Cluster).OfType<Cluster>().Distinct().SelectMany(Store.Members).ToList())
                Settle(member, "ERROR");
        });
    }

    /// <summary>Ends an instance. A running node leaves its ring in order first, so that its data is with the others.</summary>
    public void Delete(Instance instance, Action? gone = null)
    {
        if (instance.Status == "SHUTDOWN")
        {
            return;
        }
        Settle(instance, "SHUTDOWN");
        state.ForGuest(instance.Id, async (guests, ct) =>
        {
            if (instance.Configuration is not null) await guests.ConfigureAsync(instance.Id, null, ct).ConfigureAwait(false);
            await guests.DestroyAsync(instance.Id, ct).ConfigureAwait(false);
            state.After(state.Options.DeleteTime, () =>
            {
                if (instance.Port is { } port) state.Network.Ports.Remove(port);
                Store.Instances.Remove(instance);
                gone?.Invoke();
            });
        });
    }

    /// <summary>Ends all members at once (a cluster that goes altogether has nobody to hand data to).</summary>
    public void DeleteAll(Cluster cluster)
    {
        Begin(cluster, ClusterTask.Deleting);
        foreach (var member in Store.Members(cluster))
        {
            Settle(member, "SHUTDOWN");
            state.ForGuest(member.Id, (guests, ct) => guests.DestroyAsync(member.Id, ct));
        }
        state.After(state.Options.DeleteTime + state.Options.TaskTime, () =>
        {
            foreach (var member in Store.Members(cluster).ToList())
            {
                if (member.Port is { } port) state.Network.Ports.Remove(port);
                Store.Instances.Remove(member);
            }
            Store.Clusters.Remove(cluster);
        });
    }

    public void Grow(Cluster cluster, IReadOnlyList<Instance> members)
    {
        Begin(cluster, ClusterTask.Growing);
        // Growing by nothing is accepted, and its task never ends.
        if (members.Count > 0) Build(members, () => EndLater(cluster, ClusterTask.Growing));
    }

    /// <summary>Takes members away. With an id that is not the cluster's own, the task manager fails and the task stays for good.</summary>
    public void Shrink(Cluster cluster, IReadOnlyList<string> ids)
    {
        Begin(cluster, ClusterTask.Shrinking);
        var members = ids.Select(id => Store.Members(cluster).FirstOrDefault(m => m.Id == id)).ToList();
        if (members.Contains(null)) return;
        var left = members.Count;
        foreach (var member in members)
        {
            Delete(member!, () =>
            {
                if (--left == 0) EndLater(cluster, ClusterTask.Shrinking);
            });
        }
    }

    public void Restart(Cluster cluster)
    {
        Begin(cluster, ClusterTask.Restarting);
        foreach (var member in Store.Members(cluster)) PowerCycle(member.Id);
        EndLater(cluster, ClusterTask.Restarting);
    }

    public void Restart(Instance instance)
    {
        Settle(instance, "REBOOT");
        PowerCycle(instance.Id);
        state.After(state.Options.TaskTime, () => SettleFrom(instance, "REBOOT", "ACTIVE"));
    }

    /// <summary>
    /// Attaches (a group) or detaches (null): the guest applies it at once; its parameters all want a restart, so an instance says so.
    /// </summary>
    public void Configure(Instance instance, ConfigurationGroup? group, bool wantsRestart)
    {
        if (group is null && instance.Configuration is null) return;
        instance.Configuration = group;
        var values = group?.ForGuest();
        state.ForGuest(instance.Id, (guests, ct) => guests.ConfigureAsync(instance.Id, values, ct));
        instance.Updated = state.Now;
        if (wantsRestart) state.After(state.Options.TaskTime, () => SettleFrom(instance, "ACTIVE", "RESTART_REQUIRED"));
    }

    /// <summary>Forgets what an instance was doing; backups of it that are under way have failed then.</summary>
    public void Reset(Instance instance)
    {
        foreach (var backup in Store.Backups.Where(b => b.InstanceId == instance.Id && b.Status is "NEW" or "BUILDING"))
            (backup.Status, backup.Updated) = ("FAILED", state.Now);
        Settle(instance, instance.Port is null ? "ERROR" : "ACTIVE");
    }

    public void Resize(Instance instance, Action apply)
    {
        Settle(instance, "RESIZE");
        state.After(state.Options.TaskTime, () =>
        {
            apply();
            SettleFrom(instance, "RESIZE", "ACTIVE");
        });
    }

    public void Take(Backup backup, Instance instance)
    {
        Store.Backups.Add(backup);
        Settle(instance, "BACKUP");
        state.After(state.Options.ImageTime * 0.3, () =>
        {
            if (!Store.Backups.Contains(backup) || backup.Status != "NEW") return;
            backup.Status = "BUILDING";
            state.ForGuest(instance.Id, async (guests, ct) =>
            {
                var data = await guests.SnapshotAsync(instance.Id, ct).ConfigureAwait(false);
                state.After(state.Options.ImageTime * 0.7, () =>
                {
                    if (backup.Status == "FAILED") return;
                    backup.Data = data;
                    // GB with two digits, never 0 for a backup that has anything in it.
                    backup.Size = Math.Max(0.01, Math.Round(data.Length / 1e9, 2));
                    (backup.Status, backup.Updated) = ("COMPLETED", state.Now);
                    SettleFrom(instance, "BACKUP", "ACTIVE");
                });
            });
        });
    }

    public void Delete(Backup backup)
    {
        backup.Status = "DELETING";
        state.After(state.Options.DeleteTime, () => Store.Backups.RemoveAll(b => b == backup || b.ParentId == backup.Id));
    }

    public void Begin(Cluster cluster, ClusterTask task)
    {
        cluster.Task = task;
        cluster.Updated = state.Now;
    }

    /// <summary>Ends a task after its time, unless something else has begun meanwhile.</summary>
    public void EndLater(Cluster cluster, ClusterTask task) => state.After(state.Options.TaskTime, () =>
    {
        if (cluster.Task == task) Begin(cluster, ClusterTask.None);
    });

    private void PowerCycle(string id) => state.ForGuest(id, async (guests, ct) =>
    {
        await guests.StopAsync(id, ct).ConfigureAwait(false);
        await guests.StartAsync(id, ct).ConfigureAwait(false);
    });

    // A guest that never speaks is waited for, and then given up.
    private bool Wakes(Instance instance)
    {
        if (state.Options.GuestFaults.FirstOrDefault(f => f.Matches(instance.Name)) is not
            {
                Kind: GuestFaultKind.NoBoot
            or GuestFaultKind.NoNetwork
            }) return true;
        (instance.Fault, instance.FaultTime) = ("Polling request timed out.", state.Now);
        Settle(instance, "ERROR");
        return false;
    }

    private bool Plug(Instance instance)
    {
        try
        {
            if (instance.MissingNetwork is { } missing)
                throw new ApiFault(404,
                    $"Failed to create User port for instance {instance.Id}:\n    Network {missing} could not be found.");
            var network = instance.Network ?? state.Network.ForServers(instance.ProjectId).FirstOrDefault();
            if (network is null) return true;
            List<SecurityGroup> groups = [state.Network.DefaultGroup(instance.ProjectId)];
            instance.Port = state.Network.AddPort(instance.ProjectId, network, "trove-" + instance.Id, null, groups, madeByNova: true);
            (instance.Port.DeviceId, instance.Port.DeviceOwner, instance.Port.Status) = (instance.Id, "compute:nova", "ACTIVE");
            return true;
        }
        catch (ApiFault fault)
        {
            (instance.Fault, instance.FaultTime) = (fault.Message, state.Now);
            Settle(instance, "ERROR");
            return false;
        }
    }

    private static GuestDescription Describe(Instance instance) => new()
    {
        Kind = GuestKind.DatabaseInstance,
        Id = instance.Id,
        Name = instance.Name,
        HostName = instance.Name.ToLowerInvariant(),
        Address = instance.Port?.Address ?? "",
        ProjectId = instance.ProjectId,
        UserId = instance.User.Id,
        Configuration = instance.Configuration?.ForGuest(),
        Snapshot = instance.Restore,
    };

    private void SettleFrom(Instance instance, string from, string to)
    {
        if (instance.Status == from) Settle(instance, to);
    }

    private void Settle(Instance instance, string status)
    {
        instance.Status = status;
        instance.Updated = state.Now;
    }
}
