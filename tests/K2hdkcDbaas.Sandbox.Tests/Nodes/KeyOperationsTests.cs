using System.Text;
using K2hdkcDbaas.Protocol.Values;
using K2hdkcDbaas.Sandbox.Nodes.Store;

namespace K2hdkcDbaas.Sandbox.Tests.Nodes;

/// <summary>What one node does with a key, compared with k2hash by hand where it surprises.</summary>
public sealed class KeyOperationsTests
{
    private static readonly byte[] Key = "key"u8.ToArray();

    private readonly SettableClock _clock = new();
    private readonly KeyOperations _keys;

    public KeyOperationsTests() => _keys = new KeyOperations(new NodeStore(), _clock);

    [Fact]
    public void A_key_expires_by_the_clock_and_stays_readable_raw()
    {
        _keys.Write(Key, "v"u8, null, EntryAttributes.Empty, default, 10);
        _clock.Now += TimeSpan.FromSeconds(10);
        Assert.NotNull(_keys.Read(Key, check: true, default));
        _clock.Now += TimeSpan.FromSeconds(1);
        Assert.Null(_keys.Read(Key, check: true, default));
        Assert.Equal("v"u8.ToArray(), _keys.Read(Key, check: false, default));
    }

    [Fact]
    public void A_negative_expiry_fails_and_takes_the_old_key_with_it()
    {
        _keys.Write(Key, "v"u8, null, EntryAttributes.Empty, default, null);
        Assert.False(_keys.Write(Key, "w"u8, null, EntryAttributes.Empty, default, -1));
        Assert.Null(_keys.Store.Find(Key));
    }

    [Fact]
    public void An_encrypted_value_opens_with_its_phrase_only_and_says_its_digest()
    {
        _keys.Write(Key, "secret"u8, null, EntryAttributes.Empty, "pw\0ignored"u8.ToArray(), null);
        Assert.Equal("secret"u8.ToArray(), _keys.Read(Key, check: true, "pw"u8.ToArray()));
        Assert.Null(_keys.Read(Key, check: true, "pq"u8.ToArray()));
        Assert.Null(_keys.Read(Key, check: true, default));
        var raw = _keys.Read(Key, check: false, default)!;
        Assert.StartsWith("Salted__", Encoding.ASCII.GetString(raw), StringComparison.Ordinal);
        Assert.Equal(8 + 8 + 16 + 16 + 16, raw.Length);
        // base64 of the MD5 of "pw", from md5sum.
        Assert.Equal("j+TBFFEoHAlKZXjm3b9e7Q==\0",
            Encoding.ASCII.GetString(_keys.Store.Find(Key)!.Attributes.Find("aes256_cbc_pad.pbkdf2.sha256\0"u8)!.Value.Span));
    }

    [Fact]
    public void A_copy_is_taken_only_when_its_value_is_newer()
    {
        _keys.Write(Key, "old"u8, null, EntryAttributes.Empty, default, null);
        var known = _keys.Store.Find(Key)!;
        _clock.Now += TimeSpan.FromSeconds(1);
        // A changed subkey list does not touch the time of the value, so copies keep the list they have.
        _keys.Accept(Key, known.WithSubkeys(SubkeyList.Encode([new byte[] { 1 }])), _keys.Now);
        Assert.Empty(_keys.Store.Find(Key)!.Subkeys);
        // "Nothing there" does not remove either; that is what a removal is for.
        _keys.Accept(Key, null, _keys.Now);
        Assert.NotNull(_keys.Store.Find(Key));
        var newer = new Entry("new"u8.ToArray(), [], known.Attributes.WithTimes(_keys.Now, WireTime.None));
        _clock.Now += TimeSpan.FromSeconds(1);
        _keys.Accept(Key, newer, _keys.Now);
        Assert.Same(newer, _keys.Store.Find(Key));
        Assert.False(_keys.AcceptRemoval(Key, WireTime.From(_clock.Now - TimeSpan.FromSeconds(5))));
        Assert.True(_keys.AcceptRemoval(Key, _keys.Now));
    }

    [Fact]
    public void Sizes_follow_what_is_stored()
    {
        Assert.Equal(0, _keys.Store.Bytes);
        _keys.Write(Key, "12345"u8, null, EntryAttributes.Empty, default, null);
        var one = _keys.Store.Bytes;
        Assert.Equal(3 + 5 + _keys.Store.Find(Key)!.Attributes.Encode().Length, one);
        _keys.Write(Key, "1234567"u8, null, EntryAttributes.Empty, default, null);
        Assert.Equal(one + 2, _keys.Store.Bytes);
        _keys.Remove(Key);
        Assert.Equal((0, 0L), (_keys.Store.Count, _keys.Store.Bytes));
    }

    private sealed class SettableClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 7, 1, 0, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
