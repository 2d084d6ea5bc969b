namespace K2hdkcDbaas.Templates.Tests;

/// <summary>Full names: taken apart, made, refused, compared, completed.</summary>
public sealed class YrnTests
{
    [Theory]
    [InlineData("yrn:yahoo:::demo:role:web/server", "", "demo", YrnKind.Role, "web/server")]
    [InlineData("yrn:yahoo:svc::demo:resource:a", "svc", "demo", YrnKind.Resource, "a")]
    [InlineData("yrn:yahoo:::demo:policy:p", "", "demo", YrnKind.Policy, "p")]
    public void A_full_name_is_taken_apart_and_written_alike(string text, string service, string tenant, YrnKind kind, string name)
    {
        var yrn = Yrn.Parse(text);

        Assert.Equal(new Yrn(service, tenant, kind, name), yrn);
        Assert.Equal(text, yrn.ToString());
    }

    [Theory]
    [InlineData("web")]
    [InlineData("yrn:yahoo::::action:read")]
    [InlineData("yrn:yahoo:::demo")]
    [InlineData("yrn:other:::demo:role:x")]
    [InlineData("")]
    public void What_is_none_is_refused(string text)
    {
        Assert.False(Yrn.TryParse(text, out _));
        Assert.Throws<FormatException>(() => Yrn.Parse(text));
    }

    [Theory]
    [InlineData("Web/Server", "yrn:yahoo:::demo:role:web/server")]
    [InlineData("YRN:yahoo:::Demo:role:Web", "yrn:yahoo:::demo:role:web")]
    public void A_bare_name_stands_in_the_sessions_tenant(string text, string wanted)
    {
        Assert.True(Yrn.TryResolve(text, YrnKind.Role, "Demo", out var yrn, out _));
        Assert.Equal(wanted, yrn.ToString());
    }

    [Theory]
    [InlineData("yrn:yahoo:::other:role:web", "tenant 'other'")]
    [InlineData("yrn:yahoo:svc::demo:role:web", "service 'svc'")]
    [InlineData("yrn:yahoo:::demo:policy:web", "a policy, not a role")]
    [InlineData("yrn:yahoo:::demo:role:", "not a full name")]
    [InlineData("yrn:yahoo::demo:role:web", "not a full name")]
    [InlineData("/", "not a name")]
    public void A_name_of_elsewhere_is_refused_with_the_reason(string text, string reason)
    {
        Assert.False(Yrn.TryResolve(text, YrnKind.Role, "demo", out var yrn, out var why));
        Assert.Null(yrn);
        Assert.Contains(reason, why);
    }

    [Fact]
    public void Names_have_parents_and_an_order()
    {
        var child = Yrn.Parse("yrn:yahoo:::demo:role:a/b");

        Assert.Equal("yrn:yahoo:::demo:role:a", child.Above?.ToString());
        Assert.Null(child.Above!.Above);
        Assert.Equal(["yrn:yahoo:::demo:role:a", "yrn:yahoo:::demo:role:a/b"],
            new[] { child, child.Above }.Order().Select(each => each.ToString()));
        Assert.True(child > child.Above && child.Above < child);
    }

    [Fact]
    public void Completion_gives_what_was_begun()
    {
        string[] names = ["web/server", "web", "db"];

        Assert.Equal(["web", "web/server"], Yrn.Complete("We", YrnKind.Role, "demo", names));
        Assert.Equal(["yrn:yahoo:::demo:role:db"], Yrn.Complete("yrn:yahoo:::demo:role:d", YrnKind.Role, "demo", names));
        Assert.Equal(3, Yrn.Complete("yrn:", YrnKind.Role, "demo", names).Count());
    }
}
