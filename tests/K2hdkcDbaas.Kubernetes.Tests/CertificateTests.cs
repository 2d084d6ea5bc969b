using System.Security.Cryptography.X509Certificates;
using System.Text;
using K2hdkcDbaas.Errors;

namespace K2hdkcDbaas.Kubernetes.Tests;

public class CertificateTests
{
    private static readonly TimeSpan Year = TimeSpan.FromDays(365);

    [Fact]
    public void A_node_gets_what_the_command_line_makes_under_both_names()
    {
        using var authority = CertificateAuthority.Create("svc.cluster.local", 10 * Year, TimeProvider.System);
        var files = authority.Issue("demo", true, 1, "space", 5 * Year);
        const string Host = "svrpod-demo-1.svrsvc-demo";
        Assert.Equal(8, files.Count);
        Assert.Equal(files[Host + ".server.crt"], files[Host + ".space.svc.cluster.local.server.crt"]);

        using var root = X509Certificate2.CreateFromPem(authority.Pem);
        using var server =
            X509Certificate2.CreateFromPem(Encoding.ASCII.GetString(files[Host + ".server.crt"]),
                Encoding.ASCII.GetString(files[Host + ".server.key"]));
        using var client =
            X509Certificate2.CreateFromPem(Encoding.ASCII.GetString(files[Host + ".client.crt"]),
                Encoding.ASCII.GetString(files[Host + ".client.key"]));
        Assert.Equal("C=JP, S=Tokyo, O=AntPickax, CN=svc.cluster.local", root.Subject);
        Assert.Equal("C=JP, S=Tokyo, O=AntPickax, CN=" + Host, server.Subject);
        Assert.Equal([Host, Host + ".space.svc.cluster.local", "svrsvc-demo", "svrsvc-demo.space.svc.cluster.local"],
            server.Extensions.OfType<X509SubjectAlternativeNameExtension>().Single().EnumerateDnsNames());
        Assert.Equal("1.3.6.1.5.5.7.3.2", client.Extensions.OfType<X509EnhancedKeyUsageExtension>().Single().EnhancedKeyUsages[0].Value);
        foreach (var certificate in (X509Certificate2[])[server, client])
        {
            using var chain = new X509Chain();
            chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
            chain.ChainPolicy.CustomTrustStore.Add(root);
            Assert.True(chain.Build(certificate));
        }
    }

    [Fact]
    public void An_authority_is_read_again_with_text_before_its_block()
    {
        using var first = CertificateAuthority.Create("svc.cluster.local", Year, TimeProvider.System);
        using var again =
            CertificateAuthority.Load("Certificate:\n    Data: ...\n" + first.Pem, first.ExportKey(), "a file", TimeProvider.System);
        Assert.Equal(first.Pem, again.Pem);
        // What it signs ends with it.
        using var client = X509Certificate2.CreateFromPem(again.IssueClient("me", 5 * Year).Certificate);
        Assert.Equal(again.Expires, client.NotAfter);
    }

    [Fact]
    public void What_is_no_authority_is_refused_by_name()
    {
        using var authority = CertificateAuthority.Create("svc.cluster.local", Year, TimeProvider.System);
        var (certificate, key) = authority.IssueClient("me", Year);
        foreach (var (c, k) in new[] { (certificate, key), ("nonsense", key), (authority.Pem, key) })
        {
            var e = Assert.Throws<DbaasException>(() => CertificateAuthority.Load(c, k, "the file x.crt", TimeProvider.System));
            Assert.Equal(KubernetesErrorIds.AuthorityUnusable, e.ErrorId);
            Assert.Contains("the file x.crt", e.Message, StringComparison.Ordinal);
        }
    }
}
