using K2hdkcDbaas.Core.Backends.NovaServers;

namespace K2hdkcDbaas.Core.Backends.Trove;

/// <summary>Clusters that OpenStack Trove runs with its <c>k2hdkc</c> datastore; their slaves are Nova servers.</summary>
internal sealed class TroveProvider : IClusterBackendProvider
{
    /// <summary>The engine's name.</summary>
    public const string EngineName = "Trove";

    /// <summary>How K2HR3's part of its clusters is marked.</summary>
    public const string Mark = "trove";

    /// <summary>What it can do.</summary>
    public static readonly BackendCapabilities Can =
        new() { RemovesNodesTogether = true, StartsSlaves = true, KnowsRingWithoutRegistry = true };

    /// <inheritdoc/>
    public string Name => EngineName;

    /// <inheritdoc/>
    public string Description => "OpenStack Trove with its k2hdkc datastore";

    /// <inheritdoc/>
    public bool NeedsCloud => true;

    /// <inheritdoc/>
    public BackendCapabilities Capabilities => Can;

    /// <inheritdoc/>
    public IReadOnlyList<Type> Features { get; } =
        [typeof(IBackupBackend), typeof(IConfigurationGroups), typeof(IServiceOperations), typeof(IDatastoreCatalog), typeof(IQuotas)];

    /// <inheritdoc/>
    public IReadOnlyList<BackendParameter> Parameters => TroveParameters.All;

    /// <inheritdoc/>
    public BackendNeed? Missing(BackendContext context) => CloudNeed.Of(context);

    /// <inheritdoc/>
    public IClusterBackend Create(BackendContext context)
    {
        var (cloud, registry, time) = (context.Cloud!, context.Registry, context.Time);
        var slaves = new TroveSlaves(new NovaNodes(cloud, registry, context.Rings, time), registry, time);
        return new TroveBackend(cloud, slaves, new ConfigurationGroups(cloud), context.Rings, time);
    }
}
