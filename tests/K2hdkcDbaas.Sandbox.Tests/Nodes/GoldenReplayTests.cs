using System.Buffers.Binary;
using System.Text;
using System.Text.RegularExpressions;
using K2hdkcDbaas.Protocol.Frames;

namespace K2hdkcDbaas.Sandbox.Tests.Nodes;

/// <summary>
/// Requests that real servers have answered, sent to a sandbox node in the order of their capture: its payloads are the same.
/// </summary>
public sealed partial class GoldenReplayTests
{
    [Fact]
    public async Task Commands_are_answered_as_by_the_real_servers()
    {
        var ct = TestRings.Limit();
        await using var ring = await TestRings.StartAsync(1, ct, replicas: 0);
        using var slave = await RawSlave.JoinAsync(ring, 0, ct);
        var folder = Folder();
        var requests = Directory.GetFiles(folder, "command-*-request.bin").Select(p => (Path: p, Bytes: File.ReadAllBytes(p)))
            .OrderBy(r => FrameHeader.Read(r.Bytes, int.MaxValue).SenderMessageId).ToList();
        Assert.True(requests.Count > 20);
        foreach (var (path, bytes) in requests)
        {
            // The state command names its server and returns figures of its own.
            if (path.Contains("command-state", StringComparison.Ordinal)) continue;
            var expected = File.ReadAllBytes(path.Replace("-request.bin", "-reply.bin", StringComparison.Ordinal))[FrameHeader.Size..];
            var header = FrameHeader.Read(bytes, int.MaxValue);
            var answer = await slave.CallAsync(bytes[FrameHeader.Size..], header.Hash, ct);
            Assert.True(answer is not null, $"{Path.GetFileName(path)} got no answer");
            Assert.Equal(Timeless(expected), Timeless(answer.Value.Payload.ToArray()));
        }
    }

    // Times and random salts differ from run to run; everything else is compared.
    private static string Timeless(byte[] payload)
    {
        foreach (var name in new[] { "mtime\0", "expire\0" })
        {
            var at = payload.AsSpan().IndexOf(Encoding.ASCII.GetBytes(name));
            if (at >= 0) payload.AsSpan(at + name.Length, 16).Fill((byte)'T');
        }

        Assert.Equal((ulong)payload.Length, BinaryPrimitives.ReadUInt64LittleEndian(payload.AsSpan(32)));
        return SealedValue().Replace(Convert.ToHexString(payload), "SEALED");
    }

    [GeneratedRegex("53616C7465645F5F.*")]
    private static partial Regex SealedValue();

    private static string Folder()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var path = Path.Combine(folder.FullName, "tests", "Golden", "wire");
            if (Directory.Exists(path)) return path;
        }

        throw new DirectoryNotFoundException($"tests/Golden/wire is not above {AppContext.BaseDirectory}.");
    }
}
