namespace K2hdkcDbaas.Sandbox;

/// <summary>An error answer. The service that handles the request gives it its own body.</summary>
/// <param name="status">HTTP status.</param>
/// <param name="message">Text as the real service words it.</param>
/// <param name="kind">The service's own name for the kind of error where the status alone does not tell it (Neutron's type).</param>
internal sealed class ApiFault(int status, string message, string? kind = null) : Exception(message)
{
    public int Status { get; } = status;

    public string? Kind { get; } = kind;
}
