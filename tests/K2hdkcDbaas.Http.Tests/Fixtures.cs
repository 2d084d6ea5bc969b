using System.Text.Json.Serialization;
using K2hdkcDbaas.Tests.Support;

namespace K2hdkcDbaas.Http.Tests;

internal sealed record Thing(string Name);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(Thing))]
internal sealed partial class ThingJson : JsonSerializerContext;

/// <summary>A connection over a stub, with a clock and a trace.</summary>
internal sealed class Bench : IDisposable
{
    public static readonly ErrorMap Errors = new("svc");

    public Bench(HttpSettings? settings = null) => Connection = new HttpConnection(settings ?? new HttpSettings(), Trace, Time, Stub);

    public StubTransport Stub { get; } = new();

    public ManualTime Time { get; } = new();

    public Trace Trace { get; } = new();

    public HttpConnection Connection { get; }

    public static ServiceRequest Request(string method = "GET", string path = "/things") =>
        new(new HttpMethod(method), new Uri("http://svc.example" + path), Errors);

    public Task<ServiceResponse> SendAsync(ServiceRequest? request = null) =>
        Time.RunAsync(Connection.SendAsync(request ?? Request(), TestContext.Current.CancellationToken));

    public async Task<ServiceException> FailAsync(ServiceRequest? request = null) =>
        await Assert.ThrowsAsync<ServiceException>(() => SendAsync(request));

    public void Dispose()
    {
        Connection.Dispose();
        Stub.VerifyAllCame();
    }
}
