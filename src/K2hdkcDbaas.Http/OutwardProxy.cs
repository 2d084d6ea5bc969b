using System.Net;

namespace K2hdkcDbaas.Http;

/// <summary>A proxy for everything but this machine itself: what listens on loopback here, no proxy elsewhere can reach.</summary>
/// <param name="inner">The proxy that the system or the variables name.</param>
internal sealed class OutwardProxy(IWebProxy inner) : IWebProxy
{
    public ICredentials? Credentials
    {
        get => inner.Credentials;
        set => inner.Credentials = value;
    }

    public Uri? GetProxy(Uri destination) => destination.IsLoopback ? null : inner.GetProxy(destination);

    public bool IsBypassed(Uri host) => host.IsLoopback || inner.IsBypassed(host);
}
