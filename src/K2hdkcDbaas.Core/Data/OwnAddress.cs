using System.Net;
using System.Net.Sockets;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Protocol;

namespace K2hdkcDbaas.Core.Data;

/// <summary>The address by which this host is seen from a ring.</summary>
internal static class OwnAddress
{
    /// <summary>The address by which packets to the first server that there is a way to leave this host; nothing is sent.</summary>
    /// <param name="ring">The ring's name, for the error.</param>
    /// <param name="servers">Its servers.</param>
    /// <param name="cancellationToken">Ends the look-ups.</param>
    /// <exception cref="DbaasException"><see cref="ErrorIds.RegistrationFailed"/>: there is a way to none of them.</exception>
    public static async Task<string> TowardsAsync(string ring, IEnumerable<HostPort> servers, CancellationToken cancellationToken)
    {
        Exception? last = null;
        foreach (var server in servers)
        {
            try
            {
                foreach (var address in await Dns.GetHostAddressesAsync(server.Host, cancellationToken).ConfigureAwait(false))
                {
                    using var socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
                    await socket.ConnectAsync(address, Math.Max(server.Port, 1), cancellationToken).ConfigureAwait(false);
                    if (socket.LocalEndPoint is IPEndPoint own) return own.Address.ToString();
                }
            }
            catch (SocketException e)
            {
                last = e;
            }
        }

        throw new DbaasException(
            ErrorKind.Unreachable, ErrorIds.RegistrationFailed,
            $"This host has no way to any server of ring '{ring}', so it cannot be registered with an address of its own.",
            "Check the network between this host and the cluster's servers.", last);
    }
}
