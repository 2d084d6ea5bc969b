using K2hdkcDbaas.Core;
using K2hdkcDbaas.Core.Backends;
using K2hdkcDbaas.Core.Model;

namespace K2hdkcDbaas.Tests;

/// <summary>An engine that is known here alone: its clusters are on paper. It needs no cloud and no K2HR3.</summary>
internal sealed class PaperProvider : IClusterBackendProvider
{
    public static readonly BackendCapabilities Can = new() { RemovesNodesTogether = true, StartsSlaves = true };

    public string Name => "Paper";

    public IReadOnlyList<string> Aliases => ["Sheet"];

    public string Description => "clusters on paper";

    public bool NeedsCloud => false;

    public string Authentication => "Pencil";

    public BackendCapabilities Capabilities => Can;

    public IReadOnlyList<Type> Features => [typeof(IBackupBackend), typeof(IServiceOperations), typeof(IQuotas), typeof(INodeMachines)];

    public IReadOnlyList<BackendParameter> Parameters =>
    [
        new("Colour", typeof(string), ParameterUses.All, "The colour of the nodes.") { Allowed = ["red", "green"] },
        new("Folded", typeof(bool), ParameterUses.NewCluster,
            "Whether the paper is folded.") { PutCluster = (c, _) => c with { RunUser = "folded" } },
        new("Writer", typeof(Reference), ParameterUses.AddNode,
            "Who writes.") { Complete =
                (_, _, _) => new[] { new ParameterCandidate("anna"), new ParameterCandidate("bert") }.ToAsyncEnumerable() },
    ];

    public BackendNeed? Missing(BackendContext context) =>
        context.Settings.ContainsKey("Blank") ? new BackendNeed(ErrorIds.InvalidRequest, "there is no paper", "Buy some.") : null;

    public IClusterBackend Create(BackendContext context) => new PaperBackend();
}
