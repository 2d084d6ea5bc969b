using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace K2hdkcDbaas.Sandbox;

/// <summary>
/// A loopback /24 that belongs to one sandbox as long as this lives, so that nodes of two sandboxes never meet on one port.
/// </summary>
/// <remarks>Linux answers on all of 127.0.0.0/8. Where a system does not, the guests' network has to be given.</remarks>
internal sealed class GuestAddresses : IDisposable
{
    private const int ClaimPort = 47_999;
    private readonly TcpListener? _claim;

    private GuestAddresses(string prefix, TcpListener? claim)
    {
        Prefix = prefix;
        _claim = claim;
    }

    /// <summary>First three numbers of the network.</summary>
    public string Prefix { get; }

    public static GuestAddresses Claim(string? given)
    {
        if (given is not null)
        {
            if (!IPAddress.TryParse(given + ".1", out var first) || first.AddressFamily != AddressFamily.InterNetwork
                || given.Count(c => c == '.') != 2)
                throw new ArgumentException($"'{given}' is not the first three numbers of an IPv4 network, for example 127.80.0.",
                    nameof(given));
            return new GuestAddresses(given, null);
        }
        for (var attempt = 0; attempt < 50; attempt++)
        {
            var prefix = $"127.{RandomNumberGenerator.GetInt32(64, 255)}.{RandomNumberGenerator.GetInt32(0, 255)}";
            var claim = new TcpListener(IPAddress.Parse(prefix + ".1"), ClaimPort);
            try
            {
                claim.Start();
                return new GuestAddresses(prefix, claim);
            }
            catch (SocketException)
            {
                // Another sandbox has it, or this system has no such loopback address.
                claim.Dispose();
            }
        }
        throw new InvalidOperationException(
            "This machine answers on no loopback address beside 127.0.0.1. Name a network it does answer on with --guest-network.");
    }

    public void Dispose() => _claim?.Dispose();
}
