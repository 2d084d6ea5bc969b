namespace K2hdkcDbaas.Sandbox.K2hr3.Http;

/// <summary>An answer that says no.</summary>
/// <param name="status">HTTP status.</param>
/// <param name="message">Text for the body as the real service words it; null for no body.</param>
/// <param name="extra">Name of a further member of the body: status, or a member that is null.</param>
internal sealed class K2hr3Refusal(int status, string? message = null, string? extra = null) : Exception(message)
{
    public int Status { get; } = status;

    /// <summary>Text for the body; null for no body.</summary>
    public string? Text { get; } = message;

    /// <summary>Name of a further member of the body; null for none.</summary>
    public string? Extra { get; } = extra;
}
