using K2hdkcDbaas.Core.Backends.NovaServers;

namespace K2hdkcDbaas.Core.Backends.Nova;

/// <summary>
/// Clusters of Nova servers that configure themselves from K2HR3: the "DBaaS CLI" type, interchangeable with <c>k2hdkc_dbaas_cli</c>.
/// </summary>
internal sealed class NovaProvider : IClusterBackendProvider
{
    /// <summary>The engine's name.</summary>
    public const string EngineName = "Nova";

    /// <summary>What it can do.</summary>
    public static readonly BackendCapabilities Can = new() { StartsSlaves = true };

    /// <inheritdoc/>
    public string Name => EngineName;

    /// <inheritdoc/>
    public IReadOnlyList<string> Aliases { get; } = ["OpenStack"];

    /// <inheritdoc/>
    public string Description => "Nova servers whose configuration K2HR3 holds, as k2hdkc_dbaas_cli makes them";

    /// <inheritdoc/>
    public bool NeedsCloud => true;

    /// <inheritdoc/>
    public bool NeedsRegistry => true;

    /// <inheritdoc/>
    public BackendCapabilities Capabilities => Can;

    /// <inheritdoc/>
    public IReadOnlyList<Type> Features { get; } = [typeof(IBackupBackend), typeof(ICloudCatalog), typeof(IQuotas), typeof(INodeMachines)];

    /// <inheritdoc/>
    public IReadOnlyList<BackendParameter> Parameters { get; } =
        [.. NodeParameters.Servers(ParameterUses.All), .. NodeParameters.Size(ParameterUses.All), .. ClusterParameters.All];

    /// <inheritdoc/>
    public BackendNeed? Missing(BackendContext context) => CloudNeed.Of(context);

    /// <inheritdoc/>
    public IClusterBackend Create(BackendContext context) => new NovaBackend(context.Cloud!, context.Registry, context.Rings, context.Time);
}
