using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Client.Model;
using K2hdkcDbaas.Completers;
using K2hdkcDbaas.Model;
using K2hdkcDbaas.Protocol.Hashing;

namespace K2hdkcDbaas.Commands;

/// <summary>Shows a ring as its data clients see it: each server's state, slot, number of keys and use of memory.</summary>
[Cmdlet(VerbsCommon.Get, "K2hdkcStatus", DefaultParameterSetName = RingSets.Current)]
[OutputType(typeof(K2hdkcServerStatus))]
public sealed class GetK2hdkcStatusCommand : DataCmdlet
{
    /// <summary>The cluster, by name, id or object; its ring is found through K2HR3 or Trove.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true,
        ParameterSetName = RingSets.Cluster)]
    [ArgumentCompleter(typeof(ClusterCompleter))]
    [ClusterArgument]
    [ValidateNotNull]
    public override ClusterReference? Cluster { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var (connection, client) = (Resolved, Client);
        if (!TryRun(connection, (_, token) => client.GetStatesAsync(token), out var states)) return;
        var snapshot = client.Ring;
        var ring = new K2hdkcRingStatus
        {
            Connection = connection.Name,
            Name = snapshot.Group.Length > 0 ? snapshot.Group : connection.Ring,
            State = snapshot.State,
            IsMerging = snapshot.IsMerging,
            DeliveryMode = snapshot.DeliveryMode,
            Replicas = snapshot.Replicas,
        };
        var told = states!.ToDictionary(s => s.Id);
        foreach (var stranger in states!.Where(s => s.State is { HashVersion: not ("" or K2hash.Version) }))
            WriteWarning($"The server {stranger.Name} places keys by '{stranger.State!.HashVersion}', this client by '{K2hash.Version}': "
                + $"keys are looked for on the wrong servers. Use -Transport Native with the same library.");
        foreach (var server in snapshot.Servers)
            WriteObject(new K2hdkcServerStatus(ring, server.Record, told.GetValueOrDefault(server.Record.Id), server.IsConnected));
        foreach (ServerState state in states!.Where(s => !snapshot.Servers.Any(r => r.Record.Id == s.Id)))
            WriteObject(new K2hdkcServerStatus(ring, state.Record, state, isConnected: state.State is not null));
    }
}
