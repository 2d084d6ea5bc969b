using System.Text.Json.Nodes;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Kubernetes;

namespace K2hdkcDbaas.Core.Backends.Pods;

/// <summary>Puts clusters of pods into the values of K2HDKC's chart.</summary>
internal static class ChartValues
{
    // The word of an image, and the group of the chart's values that takes it.
    private static readonly (string Image, string Group)[] Images = [("init", "init"), ("chmpx", "chmpx"), ("k2hdkc", "dkc")];

    /// <summary>The values that describe a cluster.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="sets">Its StatefulSets.</param>
    /// <param name="space">Its namespace.</param>
    public static JsonObject Of(Cluster cluster, IReadOnlyList<NodeSet> sets, string space)
    {
        int Count(bool isServer) => sets.FirstOrDefault(s => s.IsServer == isServer)?.Replicas ?? 0;
        var servers = new JsonObject { ["port"] = cluster.Ports.Server, ["ctlport"] = cluster.Ports.ServerControl };
        var slaves = new JsonObject { ["ctlport"] = cluster.Ports.SlaveControl };
        // The chart makes none with no nodes of a kind.
        if (Count(true) > 0) servers["count"] = Count(true);
        if (Count(false) > 0) slaves["count"] = Count(false);
        var first = sets.OrderByDescending(s => s.IsServer).FirstOrDefault();
        var values = new JsonObject
        {
            ["dbaas"] = new JsonObject
            {
                ["clusterName"] = cluster.Name,
                ["k2hr3Tenant"] = first?.Tenant ?? space,
                ["server"] = servers,
                ["slave"] = slaves,
            },
        };
        var images = new JsonObject();
        foreach (var (image, group) in Images)
        {
            if (first?.Images.GetValueOrDefault(image) is { } name) images[group] = new JsonObject { ["fullImageName"] = name };
        }

        if (images.Count > 0) values["images"] = images;
        // The chart knows K2HR3 by the name of its Service.
        if (Uri.TryCreate(first?.K2hr3Uri, UriKind.Absolute, out var api) && api.Host.Split('.') is [var service, var where, ..]
            && service.StartsWith("svc-", StringComparison.Ordinal) && where == space)
            values["k2hr3"] = new JsonObject { ["api"] = new JsonObject { ["baseName"] = service[4..], ["intPort"] = api.Port } };
        return values;
    }
}
