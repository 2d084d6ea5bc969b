using System.Net.NetworkInformation;

namespace K2hdkcDbaas.Client.Managed;

/// <summary>
/// Keeps clients of one host from taking the same id. Where ids come from names there are only a few to have, and two nodes with one id
/// steal each other's replies without any error.
/// </summary>
internal sealed class IdentityLease : IDisposable
{
    private readonly FileStream _file;

    private IdentityLease(FileStream file) => _file = file;

    /// <summary>Takes an id for this client; null when another client on this host has it.</summary>
    public static IdentityLease? TryTake(ulong id)
    {
        try
        {
            var path = Path.Combine(Path.GetTempPath(), $"k2hdkc-client-{id:x16}.lock");
            return new IdentityLease(
                new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Whether a program on this host listens on a port: a slave chmpx does on its control port.</summary>
    public static bool IsListening(int port)
    {
        try
        {
            return IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Any(l => l.Port == port);
        }
        catch (NetworkInformationException)
        {
            // A host that does not tell; the lease still keeps our own clients apart.
            return false;
        }
    }

    public void Dispose() => _file.Dispose();
}
