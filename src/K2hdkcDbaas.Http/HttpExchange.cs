using System.Net;

namespace K2hdkcDbaas.Http;

/// <summary>One request as sent, and its outcome. Holds no secrets.</summary>
/// <param name="Service">The service's short name, such as <c>nova</c>.</param>
/// <param name="Method">The HTTP method.</param>
/// <param name="Url">The address, secret parts masked.</param>
/// <param name="Attempt">1 for the first sending.</param>
/// <param name="Elapsed">From sending to the whole answer or the failure.</param>
/// <param name="Status">The status of the answer; null when none came.</param>
/// <param name="RequestId">The service's id of the request, if it gave one.</param>
/// <param name="Failure">Why no answer came; null when one did.</param>
/// <param name="RequestBody">The body sent, masked and cut; null when there was none or bodies are not wanted.</param>
/// <param name="ResponseBody">The body received, masked and cut; null when there was none or bodies are not wanted.</param>
public sealed record HttpExchange(string Service, string Method, string Url, int Attempt, TimeSpan Elapsed, HttpStatusCode? Status,
    string? RequestId, string? Failure, string? RequestBody, string? ResponseBody)
{
    /// <summary>One line for a trace.</summary>
    public override string ToString() =>
        $"{Service}: {Method} {Url} -> {(Status is { } s ? ((int)s).ToString(System.Globalization.CultureInfo.InvariantCulture) : Failure)}"
            +
        $" in {Elapsed.TotalMilliseconds:0} ms{(RequestId is null ? "" : $" ({RequestId})")}";
}
