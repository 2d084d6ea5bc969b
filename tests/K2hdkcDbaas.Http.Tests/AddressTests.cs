using K2hdkcDbaas.Errors;

namespace K2hdkcDbaas.Http.Tests;

public class AddressTests
{
    [Theory]
    [InlineData("http://me:hush/h@sh@svc.example:5000/v3")]
    [InlineData("https://hushhush@svc.example")]
    [InlineData("htp://me:hushhush@svc.example")]
    [InlineData("me:hushhush@svc.example")]
    public void An_address_with_a_password_is_refused_and_not_shown(string text)
    {
        var failure = Assert.Throws<DbaasException>(
            () => ServiceAddress.Parse(text, "authentication URL", "InvalidUrl", "https://cloud.example:5000/v3"));
        Assert.Equal((ErrorKind.InvalidInput, "InvalidUrl"), (failure.Kind, failure.ErrorId));
        Assert.DoesNotContain("hush", $"{failure} {failure.Target} {failure.NextStep}", StringComparison.Ordinal);
        Assert.Contains("svc.example", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_address_is_read_as_it_is() =>
        Assert.Equal(new Uri("https://cloud.example:5000/v3"),
            ServiceAddress.Parse("https://cloud.example:5000/v3", "x", "InvalidUrl", "y"));
}
