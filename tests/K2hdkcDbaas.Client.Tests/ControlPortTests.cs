using System.Net;
using System.Net.Sockets;
using System.Text;
using K2hdkcDbaas.Client.Control;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Protocol;
using K2hdkcDbaas.Protocol.Hashing;
using K2hdkcDbaas.Protocol.Ring;
using K2hdkcDbaas.Tests.Support;

namespace K2hdkcDbaas.Client.Tests;

public class ControlPortTests
{
    // As a real chmpx 1.0.113 prints them, with its own spelling.
    private const string SelfStatus = """
        Server Name               = 127.0.0.2
        Internal ID               = 0xa36ffefaa073042e
        RING Name                 = RING18600
        Mode                      = Server
        Maximum MQ Count          = 72
        Status                    = {
            Server Status         = 0x21(SAFE -> [SERVICE IN][UP][n/a][Nothing][NoSuspend])
            Last Update           = 2026-11-21 08h 36m 47s 97ms 653us(30119300496981365)
        }
        Hash                      = {
            Enable Hash Value     = 0x0
            Pending Hash Value    = 0xffffffffffffffff
        }
        Connection                = {
            Port(socket)          = 18600(9)
            Control Port(socket)  = 18601(11)
            CUK                   = 
            Custom ID Seed        = svr-0
            SSL Connection        = yes
            SSL Parameters        = {
                Verify Peer       = yes
            }
        }
        Connection Count          = {
            To Servers            = 3
            From Slaves           = 2
        }
        Stats                     = {
            To(From) Servers      = {
                send count        = 0 count
            }
        }
        """;

    private const string AllStatus = """
        RING Name              = RING18600
        No.1
          Server Name          = 127.0.0.2
            Port               = 18600
            Control Port       = 18601
            CUK                = 
            Custom ID Seed     = svr-0
            Endpoints          = alias:9000,other:9001
            Control Endppoints = alias:9002
            Use SSL            = no
            Server Status      = 0x21(SAFE -> [SERVICE IN][UP][n/a][Nothing][NoSuspend])
            Last Update        = 2026-11-21 08h 36m 47s 97ms 653us(30119300496981365)
            Enable Hash Value  = 0x0
            Pending Hash Value = 0x0
        No.2
          Server Name          = 127.0.0.3
            Port               = 18602
            Control Port       = 18603
            Use SSL            = yes
            Verify Peer        = yes
            Server Status      = 0x10011(NOT SAFE -> [SERVICE OUT][UP][n/a][Nothing][Suspend])
            Enable Hash Value  = 0xffffffffffffffff
        """;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_nodes_own_status_is_read()
    {
        var status = await AskAsync(SelfStatus, c => c.GetSelfStatusAsync(Token));
        Assert.Equal(("127.0.0.2", 0xa36ffefaa073042eUL, "RING18600", true), (status.Name, status.Id, status.Group, status.IsServer));
        Assert.Equal((NodeStatus.InService, 0UL, ServerRecord.NoSlot), (status.Status, status.BaseSlot, status.PendingSlot));
        Assert.Equal((18600, 18601, "svr-0", true, 3, 2),
            (status.Port, status.ControlPort, status.CustomSeed, status.UsesTls, status.ConnectionsToServers,
                status.ConnectionsFromSlaves));
        Assert.Equal(new DateTime(2026, 11, 21, 8, 36, 47), status.LastUpdate!.Value.UtcDateTime, TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task All_servers_are_read()
    {
        var ring = await AskAsync(AllStatus, c => c.GetAllStatusAsync(Token));
        Assert.Equal(("RING18600", 2), (ring.Group, ring.Servers.Count));
        Assert.Equal([new HostPort("alias", 9000), new HostPort("other", 9001)], ring.Servers[0].Endpoints);
        Assert.Equal([new HostPort("alias", 9002)], ring.Servers[0].ControlEndpoints);
        Assert.Equal((18603, true, true, true),
            (ring.Servers[1].ControlPort, ring.Servers[1].Tls.IsEnabled, ring.Servers[1].Tls.VerifyPeer,
                ring.Servers[1].Status.IsSuspended));
        Assert.Equal(ServerRecord.NoSlot, ring.Servers[1].BaseSlot);
    }

    // chmpx keeps ports in 16 signed bits and prints them so.
    [Fact]
    public async Task Ports_above_32767_are_read_from_the_negative_numbers_that_servers_print()
    {
        var self = SelfStatus.Replace("= 18600(9)", "= -25536(9)", StringComparison.Ordinal)
            .Replace("= 18601(11)", "= -25535(11)", StringComparison.Ordinal);
        var status = await AskAsync(self, c => c.GetSelfStatusAsync(Token));
        Assert.Equal((40000, 40001), (status.Port, status.ControlPort));
        var all = AllStatus.Replace("= 18600", "= -1", StringComparison.Ordinal).Replace("= 18601", "= -32768", StringComparison.Ordinal)
            .Replace("alias:9000", "alias:-2", StringComparison.Ordinal);
        var server = (await AskAsync(all, c => c.GetAllStatusAsync(Token))).Servers[0];
        Assert.Equal((-1, 32768, new HostPort("alias", 65534)), (server.Port, server.ControlPort, server.Endpoints[0]));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Damaged_status_texts_are_read_or_refused_and_never_fail_otherwise(int seed)
    {
        var random = new Random(seed);
        string[] pieces =
            ["=", "\n", " = ", "(", ")", "0x", "-", "-1", "99999999999999999999", "0xffffffffffffffffff", "\0", "\r\n", ":", "::",
                ":-", ",", "[", "]", "é", "\ud800", "Server Name = x\n", "Port = "];
        for (var round = 0; round < 4000; round++)
        {
            var text = new StringBuilder(round % 2 == 0 ? SelfStatus : AllStatus);
            for (var i = random.Next(1, 8); i > 0; i--)
            {
                var at = random.Next(text.Length);
                if (random.Next(2) == 0) text.Remove(at, Math.Min(random.Next(40), text.Length - at));
                text.Insert(Math.Min(at, text.Length), pieces[random.Next(pieces.Length)]);
            }

            var damaged = text.ToString();
            if (StatusText.ReadSelf(damaged) is { } self) Assert.InRange(self.Port, -1, 65535);
            if (StatusText.ReadAll(damaged) is { } all) Assert.All(all.Servers, s => Assert.InRange(s.ControlPort, -1, 65535));
        }
    }

    [Fact]
    public async Task Commands_send_their_words_and_a_refusal_is_an_error()
    {
        Assert.Equal("SERVICEIN", await SentAsync("SUCCEED\n", c => c.ServiceInAsync(Token)));
        Assert.Equal("MERGE", await SentAsync("SUCCEED: There no server on RING.\n", c => c.StartMergeAsync(Token)));
        Assert.Equal("ABORTMERGE", await SentAsync("SUCCEED\n", c => c.AbortMergeAsync(Token)));
        Assert.Equal("COMPMERGE", await SentAsync("SUCCEED\n", c => c.CompleteMergeAsync(Token)));
        Assert.Equal("SUSPENDMERGE", await SentAsync("SUCCEED\n", c => c.SuspendMergeAsync(Token)));
        Assert.Equal("NOSUSPENDMERGE", await SentAsync("SUCCEED\n", c => c.ResumeMergeAsync(Token)));
        var refused = await Assert.ThrowsAsync<DbaasException>(
            () => SentAsync("ERROR: Could not change status, because server is operating now.\n", c => c.ServiceInAsync(Token)));
        Assert.Equal((ErrorKind.Conflict, K2hdkcErrors.ControlCommandRefused), (refused.Kind, refused.ErrorId));
        Assert.Contains("operating now", refused.Message, StringComparison.Ordinal);
    }

    // Real nodes refuse every other form than that of their ring's ids.
    [Theory]
    [InlineData(NodeIdType.Custom, "SERVICEOUT 10.0.0.1:8021:seed-1")]
    [InlineData(NodeIdType.Cuk, "SERVICEOUT 10.0.0.1:8021:cuk-1")]
    [InlineData(NodeIdType.Name, "SERVICEOUT 10.0.0.1:8021")]
    public async Task A_server_is_taken_out_by_what_the_ring_makes_ids_from(NodeIdType type, string command)
    {
        Assert.Equal(command,
            await ServiceOutAsync(type,
                new ServerRecord { Id = 0, Name = "10.0.0.1", ControlPort = 8021, Cuk = "cuk-1", CustomSeed = "seed-1" }));
    }

    [Fact]
    public async Task A_server_that_the_command_cannot_name_is_not_taken_out()
    {
        var fault = await Assert.ThrowsAsync<DbaasException>(
            () => ServiceOutAsync(NodeIdType.Custom, new ServerRecord { Id = 0, Name = "a", ControlPort = 1, CustomSeed = "x\nMERGE" }));
        Assert.Equal(K2hdkcErrors.InvalidArgument, fault.ErrorId);
    }

    [Fact]
    public async Task Garbage_silence_and_a_closed_door_are_told_apart()
    {
        Assert.Equal(ErrorKind.InvalidResponse,
            (await Assert.ThrowsAsync<DbaasException>(() => AskAsync("nonsense", c => c.GetSelfStatusAsync(Token)))).Kind);
        Assert.Equal(ErrorKind.Forbidden,
            (await Assert.ThrowsAsync<DbaasException>(() => AskAsync("", c => c.GetSelfStatusAsync(Token)))).Kind);
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var clock = new ManualTime();
        var port = ((IPEndPoint)silent.LocalEndpoint).Port;
        Assert.Equal(ErrorKind.Timeout,
            (await clock.RunAsync(
                Assert.ThrowsAsync<DbaasException>(
                    () => new ControlPortClient(new HostPort("127.0.0.1", port), TimeSpan.FromMinutes(1), clock).GetVersionAsync(Token))))
                .Kind);
        silent.Stop();
        Assert.Equal(ErrorKind.Unreachable,
            (await Assert.ThrowsAsync<DbaasException>(
                () => new ControlPortClient(new HostPort("127.0.0.1", port), TimeSpan.FromSeconds(2)).GetVersionAsync(Token))).Kind);
    }

    private static Task<string> ServiceOutAsync(NodeIdType type, ServerRecord server)
    {
        var id = NodeIdentity.Compute(type, "RING", "me", 8021, "my-cuk", "my-seed");
        var self = $"""
            Server Name               = me
            Internal ID               = 0x{id:x16}
            RING Name                 = RING
            Mode                      = Server
            Connection                = {"{"}
                Control Port(socket)  = 8021(11)
                CUK                   = my-cuk
                Custom ID Seed        = my-seed
            {"}"}
            """;
        return SentAsync([self, "SUCCEED\n"], c => c.ServiceOutAsync(server, Token));
    }

    private static Task<string> SentAsync(string answer, Func<ControlPortClient, Task> command) => SentAsync([answer], command);

    /// <summary>The last command heard.</summary>
    private static async Task<string> SentAsync(string[] answers, Func<ControlPortClient, Task> command)
    {
        var sent = "";
        await AskAsync(answers, async c =>
        {
            await command(c);
            return 0;
        }, text => sent = text);
        return sent;
    }

    private static Task<T> AskAsync<T>(string answer, Func<ControlPortClient, Task<T>> ask) => AskAsync([answer], ask, null);

    /// <summary>Answers one connection after another.</summary>
    private static async Task<T> AskAsync<T>(string[] answers, Func<ControlPortClient, Task<T>> ask, Action<string>? heard)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var over = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var serving = Task.Run(async () =>
        {
            var buffer = new byte[8192];
            foreach (var answer in answers)
            {
                using var socket = await listener.AcceptSocketAsync(over.Token);
                // Read even when nobody wants to know: closing with unread bytes resets the connection.
                var command = Encoding.UTF8.GetString(buffer, 0, await socket.ReceiveAsync(buffer));
                heard?.Invoke(command);
                await socket.SendAsync(Encoding.UTF8.GetBytes(answer));
            }
        }, Token);
        try
        {
            return await ask(
                new ControlPortClient(new HostPort("127.0.0.1", ((IPEndPoint)listener.LocalEndpoint).Port), TimeSpan.FromSeconds(5)));
        }
        finally
        {
            // A command that is refused before it is sent leaves the last answer unasked.
            if (!serving.IsCompleted) over.CancelAfter(TimeSpan.FromSeconds(1));
            await serving.ContinueWith(static _ => { }, TaskScheduler.Default);
        }
    }
}
