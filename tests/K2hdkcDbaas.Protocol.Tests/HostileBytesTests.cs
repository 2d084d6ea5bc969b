using System.Buffers;
using K2hdkcDbaas.Protocol.Commands;
using K2hdkcDbaas.Protocol.Configuration;
using K2hdkcDbaas.Protocol.Control;
using K2hdkcDbaas.Protocol.Frames;
using K2hdkcDbaas.Protocol.Values;

namespace K2hdkcDbaas.Protocol.Tests;

/// <summary>
/// Real packets, damaged: bits flipped, numbers replaced by extreme ones, cut, grown, shuffled. Whatever comes out, it is a value or a
/// <see cref="ProtocolException"/>, and the memory taken stays in proportion to the bytes that came.
/// </summary>
public class HostileBytesTests
{
    private const int Rounds = 6000;
    private static readonly ulong[] Extremes =
        [0, 1, 39, 40, 41, 119, 120, 121, int.MaxValue, 1UL << 31, uint.MaxValue, 1UL << 32, long.MaxValue, 1UL << 63, ulong.MaxValue - 40,
            ulong.MaxValue];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Damaged_packets_neither_crash_nor_hang_nor_take_memory(int seed)
    {
        var random = new Random(seed);
        var packets = Wire.Names.Select(Wire.Packet).ToArray();
        var small = packets.Where(p => p.Length < 2048).ToArray();
        for (var round = 0; round < Rounds; round++)
        {
            // The long ones are mostly padding; they get their share without taking all the time.
            var packet = Damage(round % 50 == 0 ? packets[random.Next(packets.Length)] : small[random.Next(small.Length)], random);
            var taken = Memory.TakenBy(() => Feed(packet));
            Assert.True(taken <= (packet.Length * 24L) + (64 * 1024), $"seed {seed}, round {round}: {packet.Length} bytes took {taken}");
        }
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public void Damaged_configurations_are_refused_with_a_reason(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 2000; round++)
        {
            var text = ConfigurationTests.Samples[random.Next(ConfigurationTests.Samples.Length)].ToCharArray();
            for (var i = random.Next(1, 6); i > 0; i--) text[random.Next(text.Length)] = (char)random.Next(1, 128);
            try
            {
                RingConfiguration.Parse(new string(text));
            }
            catch (Errors.DbaasException e)
            {
                Assert.Equal("InvalidRingConfiguration", e.ErrorId);
                Assert.False(string.IsNullOrEmpty(e.NextStep));
            }
        }
    }

    // Made of what the formats themselves give a meaning to, so that most texts get past their first character.
    [Theory]
    [InlineData(6, ConfigurationFormat.Yaml,
        "GLOBAL:\n|  GROUP: g\n|SVRNODE:\n|  - NAME: a\n|&a |*a|? |: |- |[|]|{|}|,|\n|!!map |!<x> |<<: |'|\"|\\ud800|\\|#|---\n|...\n|%TAG "
            + "! x\n|\t|\u0001|\ud800")]
    [InlineData(7, ConfigurationFormat.Json,
        "{|}|[|]|\"GLOBAL\":|\"GROUP\":|\"g\"|\"\\ud800\"|\"\\u0000\"|\"SVRNODE\":|\"NAME\":|,|null|1e999|-|true|"
            + "//x\n|/*|*/|\u0001|\ud800")]
    [InlineData(8, ConfigurationFormat.Ini,
        "[GLOBAL]\n|GROUP=g\n|[SVRNODE]\n|NAME=a\n|PORT=|99999999999\n|-1\n|'|\"|\\|#|=|\n|INCLUDE=x\n|[|]|\0|ENDPOINTS=[::1]:1,\n|\ud800")]
    public void Texts_made_of_a_formats_own_words_are_read_or_refused_with_a_reason(int seed, ConfigurationFormat format, string words)
    {
        var random = new Random(seed);
        var parts = words.Split('|');
        for (var round = 0; round < 3000; round++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(1, 24)).Select(_ => parts[random.Next(parts.Length)]));
            try
            {
                RingConfiguration.Parse(text, format, _ => text);
            }
            catch (Errors.DbaasException e)
            {
                Assert.Equal("InvalidRingConfiguration", e.ErrorId);
            }
        }
    }

    private static void Feed(byte[] packet)
    {
        try
        {
            var buffer = new ReadOnlySequence<byte>(packet);
            while (Frame.TryRead(ref buffer, Frame.DefaultMaxLength, out var frame)) Understand(frame.Payload);
        }
        catch (ProtocolException)
        {
            // The one answer to bytes that cannot be.
        }

        // The payload as such, whatever became of its header.
        if (packet.Length > FrameHeader.Size) Understand(packet.AsMemory(FrameHeader.Size));
    }

    private static void Understand(ReadOnlyMemory<byte> payload)
    {
        CommandRequest.TryRead(payload, out _, out _);
        if (CommandReply.TryRead(payload, out var reply))
        {
            SubkeyList.TryDecode(reply.Data, out _);
            if (AttributeList.TryDecode(reply.Data, out var attributes))
                foreach (var attribute in attributes) attribute.TryGetTime(out _);
            NodeState.TryRead(reply.Data.Span, out _);
        }

        try
        {
            ControlMessage.Read(payload.Span);
        }
        catch (ProtocolException)
        {
            // As above.
        }
    }

    private static byte[] Damage(byte[] packet, Random random)
    {
        var damaged = packet.ToList();
        for (var i = random.Next(1, 5); i > 0; i--)
        {
            var at = random.Next(damaged.Count);
            switch (random.Next(5))
            {
                case 0:
                    damaged[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    // Most numbers lie at multiples of eight, in one order or the other.
                    var number = BitConverter.GetBytes(Extremes[random.Next(Extremes.Length)]);
                    if (random.Next(2) == 0) Array.Reverse(number);
                    at &= ~7;
                    for (var b = 0; b < 8 && at + b < damaged.Count; b++) damaged[at + b] = number[b];
                    break;
                case 2 when damaged.Count > 8:
                    damaged.RemoveRange(at, random.Next(Math.Min(64, damaged.Count - at)));
                    if (damaged.Count == 0) damaged.Add(0);
                    break;
                case 3:
                    damaged.InsertRange(at, new byte[random.Next(64)]);
                    break;
                default:
                    damaged[at] = (byte)random.Next(256);
                    break;
            }
        }

        return [.. damaged];
    }
}
