using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using K2hdkcDbaas.Protocol.Configuration;
using K2hdkcDbaas.Protocol.Control;
using K2hdkcDbaas.Protocol.Hashing;

namespace K2hdkcDbaas.Sandbox.Nodes.Ring;

/// <summary>Who may connect to a node: the access list that a chmpx configuration is, by host name, control port and cuk.</summary>
internal sealed class Admission
{
    private static readonly TimeSpan MatchTimeout = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LookupTimeout = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<IPAddress, Task<string[]>> _names = new();
    private readonly ConcurrentDictionary<string, Regex?> _patterns = new();

    /// <summary>Learns a peer's names; done before the other questions, which then do not wait.</summary>
    public Task LookUpAsync(IPAddress peer) => _names.GetOrAdd(peer, NamesAsync);

    /// <summary>Whether a host may speak to the node at all; the real server closes on others without a byte.</summary>
    public bool Knows(RingMember node, IPAddress peer)
    {
        var names = NamesOf(peer);
        return node.Configuration.Servers.Concat(node.Configuration.Slaves).Any(n => MatchesHost(n.Name, names));
    }

    /// <summary>
    /// Whether a slave is let in: an entry with its host, control port and cuk, the id that its data give, and room in the table.
    /// </summary>
    public bool Admits(RingMember node, IPAddress peer, ConnectRequest request)
    {
        var configuration = node.Configuration;
        var names = NamesOf(peer);
        var isListed = configuration.Servers.Concat(configuration.Slaves).Any(n =>
            MatchesHost(n.Name, names) && (request.ControlPort < 0 || n.ControlPort == request.ControlPort)
                && MatchesCuk(n.Cuk, request.Cuk));
        if (!isListed || !HasThatId(configuration, names, request)) return false;
        var slaves = node.Sessions.Select(s => s.PeerId).Append(request.Id).Distinct().Count();
        return configuration.Servers.Count + slaves <= configuration.MaxNodes;
    }

    private static bool HasThatId(RingConfiguration configuration, string[] names, ConnectRequest request)
    {
        if (request.Id == NodeIdentity.None) return false;
        return configuration.IdType switch
        {
            NodeIdType.Cuk => request.Cuk.Length > 0 && request.Id == Id(""),
            NodeIdType.Custom => request.CustomSeed.Length > 0 && request.Id == Id(""),
            _ => names.Any(n => request.Id == Id(n)),
        };

        // The name in the packet is not looked at: the server goes by the name it finds for the address.
        ulong Id(string host) =>
            NodeIdentity.Compute(configuration.IdType, configuration.Group, host, request.ControlPort, request.Cuk, request.CustomSeed,
                request.ControlEndpoints);
    }

    private bool MatchesHost(string pattern, string[] names)
    {
        foreach (var name in names)
            if (string.Equals(pattern, name, StringComparison.OrdinalIgnoreCase)) return true;
        var regex = Pattern(pattern);
        return regex is not null && names.Any(n => IsMatch(regex, n));
    }

    private bool MatchesCuk(string pattern, string cuk)
    {
        if (pattern.Length == 0 || pattern == cuk) return pattern == cuk;
        var regex = Pattern(pattern);
        return regex is not null && IsMatch(regex, cuk);
    }

    private static bool IsMatch(Regex regex, string text)
    {
        try
        {
            return regex.IsMatch(text);
        }
        catch (RegexMatchTimeoutException)
        {
            return false;
        }
    }

    // Names are POSIX extended expressions, searched for anywhere; the constructs in use mean the same here.
    private Regex? Pattern(string text) => _patterns.GetOrAdd(text, pattern =>
    {
        try
        {
            return new Regex(pattern, RegexOptions.CultureInvariant, MatchTimeout);
        }
        catch (ArgumentException)
        {
            return null;
        }
    });

    private string[] NamesOf(IPAddress peer) =>
        _names.TryGetValue(peer, out var known) && known.IsCompletedSuccessfully ? known.Result : [peer.ToString()];

    private static async Task<string[]> NamesAsync(IPAddress peer)
    {
        var names = new List<string> { peer.ToString() };
        try
        {
            using var limit = new CancellationTokenSource(LookupTimeout);
            var host = await Dns.GetHostEntryAsync(peer.ToString(), limit.Token).ConfigureAwait(false);
            if (host.HostName.Length > 0) names.Add(host.HostName);
            names.AddRange(host.Aliases);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ArgumentException)
        {
            // No name: the address has to do.
        }

        return [.. names.Distinct(StringComparer.OrdinalIgnoreCase)];
    }
}
