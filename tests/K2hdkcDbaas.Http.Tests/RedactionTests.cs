using System.Text;

namespace K2hdkcDbaas.Http.Tests;

public class RedactionTests
{
    private const string Keystone = "gAAAAABnGx7yQ0v7cW5hbXBsZS10b2tlbi10aGF0LWlzLWxvbmc";
    private const string Hex = "5bcf34015bcf34015bcf34015bcf34015bcf34015bcf34015bcf34015bcf3401";

    [Theory]
    [InlineData("""{"auth":{"identity":{"password":{"user":{"name":"demo","password":"SECRET"}}}}}""")]
    [InlineData("""{"auth":{"identity":{"application_credential":{"id":"a","secret":"SECRET"}}}}""")]
    [InlineData("""{"auth":{"identity":{"methods":["token"],"token":{"id":"SECRET"}}}}""")]
    [InlineData("""{"auth":{"passwordCredentials":{"username":"u","password":"SECRET"}}}""")]
    [InlineData("""{"result":true,"token":"SECRET","registerpath":"SECRET"}""")]
    [InlineData("""{"tokens":["SECRET"]}""")]
    [InlineData("""{"tokens":{"SECRET":{"registerpath":"SECRET"}}}""")]
    [InlineData("""{"server":{"user_data":"SECRET","adminPass":"SECRET"}}""")]
    [InlineData("""{"server":{"OS-EXT-SRV-ATTR:user_data":"SECRET"}}""")]
    [InlineData("""{"keypair":{"private_key":"SECRET"}}""")]
    [InlineData("""{"text":"#include\nhttp://h/v1/userdata/SECRET"}""")]
    public void Secrets_of_bodies_are_masked_by_their_place(string body)
    {
        var shown = new Redactor().Body(Encoding.UTF8.GetBytes(body), "application/json")!;
        Assert.DoesNotContain("SECRET", shown, StringComparison.Ordinal);
        Assert.Contains(Redactor.Mask, shown, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://h/v1/userdata/U0VDUkVU%2Babc")]
    [InlineData("http://h/v1/extdata/conf/U0VDUkVU%2Babc")]
    [InlineData("http://h/v1/user/tokens?username=u&password=U0VDUkVU")]
    [InlineData("http://h/v1/role/token/" + Hex)]
    [InlineData("http://user:U0VDUkVU@h/")]
    [InlineData("http://h/x?token=U0VDUkVU&y=1")]
    public void Secrets_of_addresses_are_masked(string address)
    {
        var shown = new Redactor().Url(new Uri(address));
        Assert.DoesNotContain("U0VDUkVU", shown, StringComparison.Ordinal);
        Assert.DoesNotContain(Hex, shown, StringComparison.Ordinal);
        Assert.StartsWith("http://", shown, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("token(" + Keystone + ") is not existed")]
    [InlineData("token(abc) is not existed")]
    [InlineData("role token " + Hex + " is bad")]
    public void Secrets_of_messages_are_masked_by_their_look(string message)
    {
        var shown = new Redactor().Text(message);
        Assert.DoesNotContain(Keystone, shown, StringComparison.Ordinal);
        Assert.DoesNotContain(Hex, shown, StringComparison.Ordinal);
        Assert.DoesNotContain("(abc)", shown, StringComparison.Ordinal);
    }

    [Fact]
    public void A_learnt_secret_is_masked_wherever_it_is()
    {
        var redactor = new Redactor();
        redactor.Learn("p@ss word");
        Assert.Equal("*** and ***", redactor.Text("p@ss word and p%40ss%20word"));
    }

    [Fact]
    public void A_uuid_and_a_checksum_stay_readable() =>
        Assert.Equal("25cf0ef8-ab70-494d-9439-03b266e2775a " + new string('a', 128),
            new Redactor().Text("25cf0ef8-ab70-494d-9439-03b266e2775a " + new string('a', 128)));

    [Fact]
    public void A_body_that_is_no_json_shows_its_size_only() =>
        Assert.Equal("<6 bytes of text/plain>", new Redactor().Body("SECRET"u8.ToArray(), "text/plain"));

    [Fact]
    public async Task No_secret_reaches_the_trace_or_an_error()
    {
        using var bench = new Bench();
        bench.Connection.Redactor.Learn("hunter2secret");
        bench.Stub.On("POST", "/v1/userdata/U0VDUkVU?password=hunter2secret", 400,
            """{"message":"token(hunter2secret) for hunter2secret"}""");
        var request = Bench.Request("POST", "/v1/userdata/U0VDUkVU?password=hunter2secret") with
        {
            Body =
            """{"password":"hunter2secret"}"""u8.ToArray()
        };
        var failure = await bench.FailAsync(request);
        foreach (var text in new[] { failure.ToString(), failure.Url!, failure.ServiceMessage!, bench.Trace.Text })
        {
            Assert.DoesNotContain("hunter2secret", text, StringComparison.Ordinal);
            Assert.DoesNotContain("U0VDUkVU", text, StringComparison.Ordinal);
        }
        Assert.NotEmpty(bench.Trace.Exchanges);
    }
}
