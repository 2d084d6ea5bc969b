using K2hdkcDbaas.Client.Model;
using K2hdkcDbaas.Client.Native;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Protocol.Configuration;
using K2hdkcDbaas.Protocol.Values;

namespace K2hdkcDbaas.Client.Tests;

public class ModelTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Text_is_stored_with_its_NUL_and_read_with_or_without()
    {
        Assert.Equal("ab\0"u8.ToArray(), StoredText.Encode("ab"));
        Assert.Equal("ab"u8.ToArray(), StoredText.Encode("ab", bare: true));
        Assert.Equal("ab", StoredText.Decode("ab\0"u8));
        Assert.Equal("ab", StoredText.Decode("ab"u8));
        Assert.True(StoredText.TryDecode("größe\0"u8, out var text) && text == "größe");
        Assert.False(StoredText.TryDecode([0xFF, 0xFE], out _));
        Assert.False(StoredText.TryDecode("a\0b"u8, out _));
        Assert.True(StoredText.TryDecode([], out text) && text.Length == 0);
    }

    [Theory]
    [InlineData(255UL, CounterWidth.Bits8, 1L, 0UL)]
    [InlineData(0UL, CounterWidth.Bits16, -1L, 65535UL)]
    [InlineData(4294967295UL, CounterWidth.Bits32, 2L, 1UL)]
    [InlineData(ulong.MaxValue, CounterWidth.Bits64, 1L, 0UL)]
    [InlineData(5UL, CounterWidth.Bits64, -7L, ulong.MaxValue - 1)]
    public void Counters_wrap_at_their_width(ulong value, CounterWidth width, long delta, ulong expected)
    {
        var counter = new CounterValue(value, width);
        Assert.Equal(new CounterValue(expected, width), counter.Plus(delta));
        Assert.Equal((int)width, counter.ToArray().Length);
        Assert.True(CounterValue.TryRead(counter.ToArray(), out var read));
        Assert.Equal(counter, read);
    }

    [Fact]
    public void A_counter_refuses_what_does_not_fit()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new CounterValue(256, CounterWidth.Bits8));
        Assert.Throws<ArgumentOutOfRangeException>(() => new CounterValue(1, (CounterWidth)3));
        Assert.False(CounterValue.TryRead("abc"u8, out _));
    }

    [Fact]
    public void The_state_of_a_key_without_data_follows_its_rule()
    {
        var plain = Attributes((AttributeNames.Modified, Now));
        Assert.Null(KeyStateRule.Decide(KeyAttributes.None, Now));
        Assert.Equal(KeyState.Missing, KeyStateRule.Decide(KeyAttributes.None, hasSubkeys: false, hasHiddenBytes: false));
        Assert.Equal(KeyState.Empty, KeyStateRule.Decide(KeyAttributes.None, hasSubkeys: true, hasHiddenBytes: false));
        Assert.Equal(KeyState.Empty, KeyStateRule.Decide(plain, Now));
        Assert.Equal(KeyState.Expired, KeyStateRule.Decide(Attributes((AttributeNames.Expires, Now.AddSeconds(-1))), Now));
        Assert.Equal(KeyState.Locked, KeyStateRule.Decide(Attributes((AttributeNames.EncryptedPbkdf2, Now)), Now));
        var later = Attributes((AttributeNames.Expires, Now.AddSeconds(5)));
        Assert.Null(KeyStateRule.Decide(later, Now));
        Assert.Equal(KeyState.Empty, KeyStateRule.Decide(later, hasSubkeys: false, hasHiddenBytes: false));
        Assert.Equal(KeyState.Expired, KeyStateRule.Decide(later, hasSubkeys: false, hasHiddenBytes: true));
    }

    [Fact]
    public void A_library_that_is_not_there_is_listed()
    {
        var tried = new List<string>();
        Assert.Equal(0, K2hdkcLibrary.LoadFirst(["/no/such/libk2hdkc.so", "libnosuchk2hdkc.so.9"], tried));
        Assert.Collection(
            tried, t => Assert.StartsWith("/no/such/libk2hdkc.so: ", t, StringComparison.Ordinal),
            t => Assert.StartsWith("libnosuchk2hdkc.so.9: ", t, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Options_that_cannot_be_are_refused()
    {
        var configuration = new RingConfiguration { Group = "g" };
        K2hdkcClientOptions[] wrong =
        [
            new(),
            new() { Configuration = configuration },
            new() { Configuration = configuration, MaxInFlightPerServer = 0 },
            new() { Configuration = configuration, CallTimeout = TimeSpan.Zero },
            new() { Configuration = configuration, MaxFrameLength = 10 },
        ];
        foreach (var options in wrong)
            Assert.Equal(K2hdkcErrors.InvalidClientOptions,
                (await Assert.ThrowsAsync<DbaasException>(
                    () => K2hdkcClientFactory.ConnectAsync(options, TestContext.Current.CancellationToken))).ErrorId);
        var missing = new K2hdkcClientOptions { ConfigurationPath = "no/such.ini" };
        Assert.Equal(K2hdkcErrors.ConfigurationUnreadable,
            (await Assert.ThrowsAsync<DbaasException>(
                () => K2hdkcClientFactory.ConnectAsync(missing, TestContext.Current.CancellationToken))).ErrorId);
    }

    private static KeyAttributes Attributes(params (string Name, DateTimeOffset Time)[] attributes) =>
        new(attributes.Select(a => new KeyAttribute(StoredText.Encode(a.Name), KeyAttribute.EncodeTime(a.Time))).ToArray());
}
