using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using K2hdkcDbaas.Client;
using K2hdkcDbaas.Protocol.Values;

namespace K2hdkcDbaas.Core.Ring;

/// <summary>What a change under way says of itself.</summary>
internal sealed record RingNote
{
    /// <summary>
    /// Where it stands: a key on every server of the ring, so that every kind of cluster can keep it and a lost server loses nothing of it.
    /// </summary>
    public static readonly ReadOnlyMemory<byte> Key = Encoding.UTF8.GetBytes("k2hdkcdbaas.ring-change\0");

    /// <summary>After this time without a sign the run that wrote it counts as ended.</summary>
    public static readonly TimeSpan AliveFor = TimeSpan.FromSeconds(60);

    /// <summary>Tells runs apart.</summary>
    public required string Run { get; init; }

    /// <summary>Who runs it: user and host.</summary>
    public required string Owner { get; init; }

    /// <summary>The server that changes; empty for a repair alone.</summary>
    public string Member { get; init; } = "";

    /// <summary>Its id in the ring.</summary>
    public ulong MemberId { get; init; }

    /// <summary>Whether it comes into service.</summary>
    public bool Joins { get; init; }

    /// <summary>The ids of the servers in service before the change.</summary>
    public IReadOnlyList<ulong> Before { get; init; } = [];

    /// <summary>When it began.</summary>
    public DateTimeOffset Started { get; init; }

    /// <summary>When it last gave a sign.</summary>
    public DateTimeOffset Seen { get; init; }

    /// <summary>
    /// When the last copying began, by the slowest clock of the servers: what is older has been copied. None before that.
    /// </summary>
    public StoredTime Copied { get; init; }

    /// <summary>When the command for the switch was given, by the slowest clock of the servers; none before that.</summary>
    public StoredTime Switched { get; init; }

    /// <summary>
    /// Whether copies have been removed from former holders: from then on their stores tell no more what was removed before the switch.
    /// </summary>
    public bool Swept { get; init; }

    /// <summary>What it does, in words.</summary>
    [JsonIgnore]
    public string What => Member.Length == 0 ? "a repair of the ring" : $"bringing {Member} {(Joins ? "into" : "out of")} service";

    /// <summary>The newest note on any of the servers; null when there is none.</summary>
    public static async Task<RingNote?> ReadAsync(IDirectAccess direct, IEnumerable<ulong> servers, CancellationToken cancellationToken)
    {
        RingNote? newest = null;
        foreach (var copy in await Task.WhenAll(servers.Select(s => direct.ReadAsync(s, Key, cancellationToken))).ConfigureAwait(false))
        {
            if (copy is null || copy.Value.IsEmpty) continue;
            try
            {
                var note = JsonSerializer.Deserialize(copy.Value.Span, RingNoteJson.Default.RingNote);
                if (note is not null && (newest is null || note.Seen > newest.Seen)) newest = note;
            }
            catch (JsonException)
            {
                // Whatever stands there, it is no note of ours.
            }
        }

        return newest;
    }

    /// <summary>Writes the note to all of the servers.</summary>
    public Task WriteAsync(IDirectAccess direct, IEnumerable<ulong> servers, TimeProvider time, CancellationToken cancellationToken)
    {
        var copy = StoredCopy.Of(Key) with
        {
            Value = JsonSerializer.SerializeToUtf8Bytes(this, RingNoteJson.Default.RingNote),
            Attributes = AttributeList.Encode([new KeyAttribute("mtime\0"u8.ToArray(), KeyAttribute.EncodeTime(time.GetUtcNow()))]),
        };
        return Task.WhenAll(servers.Select(s => direct.WriteAsync(s, copy, cancellationToken)));
    }

    /// <summary>Removes the note from all of the servers.</summary>
    public static Task ClearAsync(IDirectAccess direct, IEnumerable<ulong> servers, TimeProvider time,
        CancellationToken cancellationToken) =>
        Task.WhenAll(servers.Select(s => direct.RemoveAsync(s, Key, StoredTime.From(time.GetUtcNow().AddSeconds(1)), cancellationToken)));
}

/// <summary>The note as JSON.</summary>
[JsonSerializable(typeof(RingNote))]
internal sealed partial class RingNoteJson : JsonSerializerContext;
