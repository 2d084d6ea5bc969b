using System.Net;

namespace K2hdkcDbaas.Http.Tests;

public class ProxyTests
{
    [Theory]
    [InlineData("http://127.0.0.1:5000/", true)]
    [InlineData("http://127.80.0.5/", true)]
    [InlineData("http://localhost/", true)]
    [InlineData("http://[::1]:80/", true)]
    [InlineData("http://cloud.example/", false)]
    public void This_machine_is_asked_without_a_proxy(string address, bool direct)
    {
        using var transport = TransportFactory.Create(new HttpSettings(), new WebProxy("http://proxy.example:3128"));
        Assert.Equal(direct, transport.Proxy!.IsBypassed(new Uri(address)));
        Assert.Equal(direct ? null : "proxy.example", transport.Proxy.GetProxy(new Uri(address))?.Host);
    }
}
