using FsCheck;
using FsCheck.Fluent;
using K2hdkcDbaas.Errors;

namespace K2hdkcDbaas.K2hr3.Tests;

public class RoleHostTests
{
    // Lines as k2hr3_api shows them.
    [Theory]
    [InlineData("10.0.0.8 * c8", "10.0.0.8", 0, "c8", "", "", "", "")]
    [InlineData("127.0.0.1 * c1 openstack-auto-v1 tg 1.1.1.1 2.2.2.2", "127.0.0.1", 0, "c1", "openstack-auto-v1", "tg", "1.1.1.1",
        "2.2.2.2")]
    [InlineData("10.0.0.11 * b76431f3-a70f-4a0e-b467-7ea4344d967f openstack-auto-v1 svr1.novalocal", "10.0.0.11",
        0, "b76431f3-a70f-4a0e-b467-7ea4344d967f", "openstack-auto-v1", "svr1.novalocal", "", "")]
    [InlineData("host.example 8020 ", "host.example", 8020, "", "", "", "", "")]
    [InlineData("10.0.0.1 *  openstack-auto-v1 t", "10.0.0.1", 0, "", "openstack-auto-v1", "t", "", "")]
    [InlineData("10.0.0.1 * c only-a-tag", "10.0.0.1", 0, "c", "", "only-a-tag", "", "")]
    [InlineData("10.0.0.1 * c openstack-auto-v1  1.1.1.1", "10.0.0.1", 0, "c", "openstack-auto-v1", "", "1.1.1.1", "")]
    [InlineData("10.0.0.1", "10.0.0.1", 0, "", "", "", "", "")]
    public void A_line_is_read_field_by_field(string line, string host, int port, string cuk, string extra, string tag, string inbound,
        string outbound)
    {
        var read = RoleHost.Parse(line);
        Assert.Equal(new RoleHost
        {
            Host = host,
            Port = port,
            Cuk = cuk,
            Extra = extra,
            Tag = tag,
            InboundIp = inbound,
            OutboundIp = outbound
        }, read);
        Assert.StartsWith(line.TrimEnd(), read.Format(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData(" * c")]
    [InlineData("h x c")]
    [InlineData("h -1 c")]
    [InlineData("h 65536 c")]
    public void A_line_that_is_none_is_an_invalid_response(string line) =>
        Assert.Equal(ErrorKind.InvalidResponse, Assert.Throws<DbaasException>(() => RoleHost.Parse(line)).Kind);

    [Fact]
    public void What_is_written_is_read_back()
    {
        var word = Gen.Elements("a", "b-1", "n.example", "10.0.0.1");
        var maybe = Gen.OneOf(Gen.Constant(""), word);
        var hosts = from host in word
                    from port in Gen.Choose(0, 65535)
                    from cuk in maybe
                    from tag in maybe
                    from inbound in maybe
                    from outbound in maybe
                    select new RoleHost
                    {
                        Host = host,
                        Port = port,
                        Cuk = cuk,
                        Extra = RoleHost.OpenStackAuto,
                        Tag = tag,
                        InboundIp = inbound,
                        OutboundIp = outbound
                    };
        Prop.ForAll(Arb.From(hosts), host => RoleHost.Parse(host.Format()) == host).QuickCheckThrowOnFailure();
    }
}
