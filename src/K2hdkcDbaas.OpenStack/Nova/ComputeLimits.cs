using System.Text.Json.Serialization;
using Refit;

namespace K2hdkcDbaas.OpenStack.Nova;

/// <summary>The project's limits at Nova and what it uses; -1 is no limit.</summary>
public sealed record ComputeLimits
{
    /// <summary>Servers allowed.</summary>
    [JsonPropertyName("maxTotalInstances")]
    public int MaxInstances { get; init; }

    /// <summary>Servers used.</summary>
    [JsonPropertyName("totalInstancesUsed")]
    public int InstancesUsed { get; init; }

    /// <summary>Virtual processors allowed.</summary>
    [JsonPropertyName("maxTotalCores")]
    public int MaxCores { get; init; }

    /// <summary>Virtual processors used.</summary>
    [JsonPropertyName("totalCoresUsed")]
    public int CoresUsed { get; init; }

    /// <summary>Memory allowed, MiB.</summary>
    [JsonPropertyName("maxTotalRAMSize")]
    public long MaxRam { get; init; }

    /// <summary>Memory used, MiB.</summary>
    [JsonPropertyName("totalRAMUsed")]
    public long RamUsed { get; init; }

    /// <summary>Key pairs allowed for a user.</summary>
    [JsonPropertyName("maxTotalKeypairs")]
    public int MaxKeyPairs { get; init; }
}

/// <summary>Nova's limits (Compute API reference, "Limits").</summary>
internal interface IComputeLimits
{
    /// <summary>The limits now, rates among them.</summary>
    /// <param name="cancellationToken">Ends the request.</param>
    [Get("/limits")]
    Task<ComputeLimitsBody> ShowAsync(CancellationToken cancellationToken);

    /// <summary>The limits now.</summary>
    /// <param name="cancellationToken">Ends the request.</param>
    async Task<ComputeLimits> GetAsync(CancellationToken cancellationToken) =>
        (await ShowAsync(cancellationToken).ConfigureAwait(false)).Absolute;
}
