using K2hdkcDbaas.Templates;


namespace K2hdkcDbaas.Sandbox.K2hr3.Http;

/// <summary>An answer: JSON, bytes of another type, or only a status.</summary>
internal sealed record K2hr3Reply(int Status, TemplateMap? Json)
{
    public ReadOnlyMemory<byte>? Bytes { get; init; }

    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    /// <summary>201: made or changed.</summary>
    public static K2hr3Reply Made { get; } = new(201, new TemplateMap { ["result"] = true, ["message"] = null });

    /// <summary>204: done, or yes.</summary>
    public static K2hr3Reply Done { get; } = new(204, null);

    /// <summary>200 with a member beside result and message.</summary>
    public static K2hr3Reply Read(string name, object? value, string? message = null)
        => new(200, new TemplateMap { ["result"] = true, ["message"] = message, [name] = value });
}
