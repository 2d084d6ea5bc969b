using System.Security.Cryptography.X509Certificates;
using K2hdkcDbaas.Client;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Protocol.Configuration;
using K2hdkcDbaas.Sandbox.Nodes;
using K2hdkcDbaas.Tests.Support;

namespace K2hdkcDbaas.Core.Tests.Sandboxed;

/// <summary>The managed client in a ring whose nodes speak TLS and ask for a certificate of their own authority.</summary>
public class DataTlsTests : IDisposable
{

    private readonly TemporaryFolder _folder = new();
    private readonly X509Certificate2 _root;

    public DataTlsTests()
    {
        _root = TestCertificates.Make("root", null);
        Write("ca.pem", _root);
        Write("node", TestCertificates.Make("node", _root));
        Write("slave", TestCertificates.Make("slave", _root));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _root.Dispose();
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_certificate_of_the_rings_authority_is_let_in_and_reads_and_writes()
    {
        await using var ring = await StartAsync("slave");
        await UseAsync(ring);
    }

    // The nodes know the root only: what lies between it and the slave's certificate has to come from the slave.
    [Fact]
    public async Task A_certificate_of_a_lower_authority_is_let_in_with_the_chain_that_its_file_holds()
    {
        using var lower = TestCertificates.Make("lower", _root, isAuthority: true);
        var slave = TestCertificates.Make("chained", lower);
        Write("chained", slave);
        await File.AppendAllTextAsync(PathOf("chained.crt"), "\n" + lower.ExportCertificatePem(), Token);
        await using var ring = await StartAsync("chained");
        await UseAsync(ring);
    }

    [Theory]
    [InlineData("stranger")]
    [InlineData(null)]
    public async Task A_foreign_certificate_or_none_is_refused_as_such(string? name)
    {
        if (name is not null) Write(name, TestCertificates.Make(name, null));
        await using var ring = await StartAsync(name);
        var fault = await Assert.ThrowsAnyAsync<DbaasException>(() => ConnectAsync(ring));
        Assert.Equal((K2hdkcErrors.TlsFailed, ErrorKind.Forbidden), (fault.ErrorId, fault.Kind));
    }

    [Fact]
    public async Task Nodes_of_a_foreign_authority_are_not_trusted()
    {
        await using var ring = await StartAsync("slave");
        Write("other.pem", TestCertificates.Make("other", null));
        var fault = await Assert.ThrowsAnyAsync<DbaasException>(() => ConnectAsync(ring, o => o with { CaPath = PathOf("other.pem.crt") }));
        Assert.Equal(K2hdkcErrors.TlsFailed, fault.ErrorId);
    }

    [Fact]
    public async Task A_node_that_returns_is_joined_again_with_the_same_certificate()
    {
        await using var ring = await StartAsync("slave", servers: 2);
        await using var client = await ConnectAsync(ring);
        await ring.KillNodeAsync(1, Token);
        for (var i = 0; i < 20; i++) await client.SetAsync(StoredText.Encode($"k{i}"), StoredText.Encode("v"), null, Token);
        await ring.StartNodeAsync(1, default, Token);
        for (var i = 0; i < 1000 && client.Ring.Servers.Count(s => s.IsConnected) < 2; i++) await Task.Delay(10, Token);
        Assert.Equal(2, client.Ring.Servers.Count(s => s.IsConnected));
    }

    private static async Task UseAsync(SandboxRing ring)
    {
        await using var client = await ConnectAsync(ring);
        Assert.All(client.Ring.Servers, s => Assert.True(s.Record.Tls.VerifyPeer));
        var value = new byte[3 << 20];
        new Random(4).NextBytes(value);
        await client.SetAsync(StoredText.Encode("k"), value, null, Token);
        Assert.True((await client.GetAsync(StoredText.Encode("k"), null, Token)).Value.Span.SequenceEqual(value));
    }

    private static Task<IK2hdkcClient> ConnectAsync(SandboxRing ring, Func<K2hdkcClientOptions, K2hdkcClientOptions>? change = null)
    {
        var options = new K2hdkcClientOptions
        {
            Configuration = RingConfiguration.Parse(ring.SlaveConfiguration),
            Transport = K2hdkcTransport.Managed,
            CallTimeout = TimeSpan.FromSeconds(20),
            ConnectTimeout = TimeSpan.FromSeconds(20),
        };
        return K2hdkcClientFactory.ConnectAsync(change?.Invoke(options) ?? options, Token);
    }

    private Task<SandboxRing> StartAsync(string? slave, int servers = 1)
    {
        var lines = $"SSL = yes\nSSL_VERIFY_PEER = yes\nCAPATH = {PathOf("ca.pem.crt")}\nSERVER_CERT = {PathOf("node.crt")}\nSERVER_PRIKEY "
            + $"= {PathOf("node.key")}\n";
        if (slave is not null) lines += $"SLAVE_CERT = {PathOf(slave + ".crt")}\nSLAVE_PRIKEY = {PathOf(slave + ".key")}\n";
        return SandboxRing.StartAsync(new SandboxRingOptions { Servers = servers, ServerLines = lines }, Token);
    }

    private string PathOf(string name) => _folder[name];

    private void Write(string name, X509Certificate2 certificate)
    {
        File.WriteAllText(PathOf(name + ".crt"), certificate.ExportCertificatePem());
        File.WriteAllText(PathOf(name + ".key"), certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
    }
}
