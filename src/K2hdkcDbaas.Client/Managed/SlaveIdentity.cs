using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using K2hdkcDbaas.Protocol.Configuration;
using K2hdkcDbaas.Protocol.Control;
using K2hdkcDbaas.Protocol.Hashing;

namespace K2hdkcDbaas.Client.Managed;

/// <summary>Who this client says it is when it joins: servers recompute the id and compare, so each part must be as they see it.</summary>
internal sealed record SlaveIdentity(ulong Id, string Name, int ControlPort, string Cuk, string CustomSeed)
{
    /// <summary>A cloud's configuration holds this text where a guest puts its own id.</summary>
    private static readonly string[] UnfilledCuks = ["__SELF_INSTANCE_ID__", "%%SELF_CONTAINER_CUK%%"];

    private static readonly TimeSpan MatchLimit = TimeSpan.FromMilliseconds(200);

    /// <summary>The introduction to send.</summary>
    public ConnectRequest ToRequest() => new(Name, Id, ControlPort) { Cuk = Cuk, CustomSeed = CustomSeed };

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture,
            $"name '{Name}', control port {ControlPort}{(Cuk.Length == 0 ? "" : $", CUK '{Cuk}'")}, id {Id:x16}");

    /// <summary>
    /// The identities worth trying, best first. One is enough in a CUSTOM ring; a NAME ring makes the id from the name by which the server
    /// knows this host, and a list of slaves may ask for a CUK.
    /// </summary>
    /// <param name="configuration">The ring.</param>
    /// <param name="options">What the caller has fixed.</param>
    /// <param name="uniqueSeed">A seed that no other client has.</param>
    /// <param name="hostNames">The names this host may be known by, best first.</param>
    public static IReadOnlyList<SlaveIdentity> Candidates(RingConfiguration configuration, K2hdkcClientOptions options, string uniqueSeed,
        IReadOnlyList<string> hostNames)
    {
        var found = new List<SlaveIdentity>();
        var names = options.HostName is { Length: > 0 } fixedName ? [fixedName] : hostNames;
        foreach (var cuk in Cuks(configuration, options, names))
        {
            if (configuration.IdType == NodeIdType.Cuk && cuk.Length == 0) continue;
            // Only a NAME ring makes ids from names; elsewhere one name is as good as another.
            foreach (var name in configuration.IdType is NodeIdType.Name or NodeIdType.ControlEndpoints ? names : names.Take(1))
            {
                foreach (var port in Ports(configuration, options))
                {
                    var seed = configuration.IdType == NodeIdType.Custom ? options.IdSeed ?? uniqueSeed : options.IdSeed ?? "";
                    var id = NodeIdentity.Compute(configuration.IdType, configuration.Group, name, port, cuk, seed);
                    if (!found.Exists(f => f.Id == id && f.Cuk == cuk && f.ControlPort == port))
                        found.Add(new SlaveIdentity(id, name, port, cuk, seed));
                }
            }
        }

        return found;
    }

    /// <summary>
    /// Whether the names of this host decide who it is: ids are made from them, or slave entries tell by them which CUK is its own.
    /// </summary>
    public static bool NeedsHostNames(RingConfiguration configuration, K2hdkcClientOptions options) =>
        options.HostName is not { Length: > 0 }
        && (configuration.IdType is NodeIdType.Name or NodeIdType.ControlEndpoints
            || (options.Cuk is null && configuration.Slaves.Any(s => s.Cuk.Length > 0)));

    /// <summary>The names by which servers may know this host; those that could be had where the wait is ended.</summary>
    public static async Task<IReadOnlyList<string>> HostNamesAsync(IPAddress? local, CancellationToken cancellationToken)
    {
        var names = new List<string>();
        if (local is not null)
        {
            if (local.IsIPv4MappedToIPv6) local = local.MapToIPv4();
            names.AddRange(await ResolveAsync(local.ToString(), cancellationToken).ConfigureAwait(false));
            names.Add(local.ToString());
        }

        names.AddRange(await ResolveAsync(Dns.GetHostName(), cancellationToken).ConfigureAwait(false));
        names.Add(Dns.GetHostName());
        return names.Distinct().ToArray();
    }

    private static async Task<IEnumerable<string>> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        try
        {
            // The look-up itself cannot be ended everywhere; the wait for it can.
            var entry = await Dns.GetHostEntryAsync(host, cancellationToken).WaitAsync(cancellationToken).ConfigureAwait(false);
            return entry.Aliases.Prepend(entry.HostName);
        }
        catch (Exception e) when (e is System.Net.Sockets.SocketException or ArgumentException or OperationCanceledException)
        {
            // A host without a name in DNS has its address still.
            return [];
        }
    }

    private static IEnumerable<string> Cuks(RingConfiguration configuration, K2hdkcClientOptions options, IReadOnlyList<string> names)
    {
        if (options.Cuk is not null) return [options.Cuk];
        var own = UnfilledCuks.Contains(configuration.SelfCuk) ? "" : configuration.SelfCuk;
        var mine = configuration.Slaves.Where(s => names.Any(n => Matches(s.Name, n))).Select(s => s.Cuk);
        return new[] { own }.Concat(mine).Append("").Distinct();
    }

    // The port is checked against the slave entries unless it is sent as none; in a NAME ring it also tells clients of one host apart,
    // and one on which a program listens is that of a slave chmpx.
    private static IEnumerable<int> Ports(RingConfiguration configuration, K2hdkcClientOptions options) =>
        options.ControlPort is { } port ? [port] : configuration.IdType == NodeIdType.Name
            ? configuration.Slaves.Select(s => s.ControlPort).Where(p => p > 0 && !IdentityLease.IsListening(p)).Append(-1).Distinct()
            : [-1];

    private static bool Matches(string pattern, string name)
    {
        if (pattern.Equals(name, StringComparison.OrdinalIgnoreCase)) return true;
        try
        {
            return Regex.IsMatch(name, $"^(?:{pattern})$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, MatchLimit);
        }
        catch (Exception e) when (e is ArgumentException or RegexMatchTimeoutException)
        {
            // Not every POSIX pattern is one of .NET's; the server has the last word anyway.
            return false;
        }
    }
}
