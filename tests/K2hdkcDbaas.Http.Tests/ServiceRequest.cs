using System.Net;
using System.Text.Json.Serialization.Metadata;

namespace K2hdkcDbaas.Http.Tests;

/// <summary>A request as a service's interface would make it, for tests of the handlers alone.</summary>
internal sealed record ServiceRequest(HttpMethod Method, Uri Uri, ErrorMap Errors)
{
    public IReadOnlyList<HttpStatusCode> Expected { get; init; } = [HttpStatusCode.OK];

    public ITokenSource? Token { get; init; }

    /// <summary>A token for this call alone.</summary>
    public string? OwnToken { get; init; }

    public ReadOnlyMemory<byte>? Body { get; init; }

    public string ContentType { get; init; } = "application/json";

    public bool? RepeatIsSafe { get; init; }
}

/// <summary>What came of it.</summary>
internal sealed class ServiceResponse(HttpResponseMessage answer)
{
    public HttpStatusCode Status => answer.StatusCode;

    public string? Header(string name) => answer.Headers.TryGetValues(name, out var values) ? values.First() : null;

    public T Json<T>(JsonTypeInfo<T> type)
    {
        Assert.NotNull(type);
        try
        {
            return new RestJson(ThingJson.Default).FromHttpContentAsync<T>(answer.Content, TestContext.Current.CancellationToken)
                .GetAwaiter().GetResult()!;
        }
        catch (UnusableBodyException e)
        {
            throw ServiceCall.Unusable(answer, e.Message);
        }
    }
}

internal static class Sending
{
    public static async Task<ServiceResponse> SendAsync(this HttpConnection connection, ServiceRequest request,
        CancellationToken cancellationToken)
    {
        var root = new Uri(request.Uri.GetLeftPart(UriPartial.Authority));
        using var client =
            connection.Client(request.Errors, _ => Task.FromResult(root), request.Token?.HeaderName ?? "X-Auth-Token", request.Token);
        using var message = new HttpRequestMessage(request.Method, request.Uri.PathAndQuery);
        message.Headers.Add(Call.ExpectHeader, string.Join(',', request.Expected.Select(e => (int)e)));
        if (request.RepeatIsSafe is { } safe) message.Headers.Add(Call.RepeatHeader, safe ? "yes" : "no");
        if (request.OwnToken is { } own) message.Options.Set(new HttpRequestOptionsKey<string>(Call.Token), own);
        if (request.Body is { } body)
        {
            message.Content = new ReadOnlyMemoryContent(body);
            message.Content.Headers.ContentType = new(request.ContentType);
        }
        return new ServiceResponse(await client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellationToken));
    }
}
