using K2hdkcDbaas.Core.Model;

namespace K2hdkcDbaas.Core.Backends;

/// <summary>
/// Makes one kind of back end from a session's settings, and says what that kind can do. All that is an engine's own lives in its folder
/// below <c>Core/Backends</c>; the one line that makes it known is in <see cref="BackendProviders"/>. A provider holds no state and does
/// nothing when it is made: module import touches it.
/// </summary>
public interface IClusterBackendProvider
{
    /// <summary>The engine's name, as <c>-Backend</c> takes and <see cref="Cluster.Backend"/> shows it, such as <c>Nova</c>.</summary>
    string Name { get; }

    /// <summary>Other words that are accepted for <see cref="Name"/>; case does not matter with either.</summary>
    IReadOnlyList<string> Aliases => [];

    /// <summary>One line about it, for completion and help, such as <c>Nova servers whose configuration K2HR3 holds</c>.</summary>
    string Description { get; }

    /// <summary>
    /// Whether it works on an OpenStack cloud. A session whose default engine does not needs no cloud, and looks for none in <c>OS_*</c>
    /// variables; it has one only when its options name one.
    /// </summary>
    bool NeedsCloud { get; }

    /// <summary>Whether it keeps its clusters' configuration in K2HR3, so that a session with it is of little use without.</summary>
    bool NeedsRegistry => false;

    /// <summary>What it can do; asked instead of its name.</summary>
    BackendCapabilities Capabilities { get; }

    /// <summary>
    /// The features that its back ends offer, as interfaces such as <see cref="IBackupBackend"/>: what the error of a missing feature names
    /// this engine for. Each must be found by <see cref="IClusterBackend.Feature{T}"/> in every back end that it makes.
    /// </summary>
    IReadOnlyList<Type> Features { get; }

    /// <summary>
    /// The parameters that only some engines understand: on the cmdlets that make clusters and nodes, and with
    /// <see cref="ParameterUses.Connect"/> on <c>Connect-K2hdkcDbaas</c>. Two engines may have one of the same name: then with the same
    /// <see cref="BackendParameter.Type"/>.
    /// </summary>
    IReadOnlyList<BackendParameter> Parameters { get; }

    /// <summary>
    /// How a session signs in whose default engine this is and that has no cloud, such as <c>Kubeconfig</c>; null with a cloud.
    /// </summary>
    string? Authentication => null;

    /// <summary>
    /// The K2HR3 tenant of a session whose default engine this is, and which neither names one nor has a project; null for none. It may
    /// read files, and sends nothing.
    /// </summary>
    /// <param name="settings">What the user gave for this engine's parameters.</param>
    /// <param name="variable">Looks a variable of the process up.</param>
    /// <param name="homeFolder">The user's home folder.</param>
    string? FindTenant(IReadOnlyDictionary<string, object?> settings, Func<string, string?> variable, string homeFolder) => null;

    /// <summary>
    /// What a session lacks that this engine needs, as the end of a sentence ("... has no Nova back end: it is with K2HR3 alone") with the
    /// next step; null when all is there. Looks at settings only: it sends nothing and reads no file.
    /// </summary>
    /// <param name="context">The session's settings and services.</param>
    BackendNeed? Missing(BackendContext context);

    /// <summary>
    /// Makes the back end; called once per session, when it is first asked for, and only when <see cref="Missing"/> found nothing. Sends
    /// nothing: what needs the network is done by the first call that needs it. A back end that is <see cref="IAsyncDisposable"/> is
    /// disposed of with its session.
    /// </summary>
    /// <param name="context">The session's settings and services.</param>
    /// <exception cref="Errors.DbaasException">The settings cannot be used.</exception>
    IClusterBackend Create(BackendContext context);
}
