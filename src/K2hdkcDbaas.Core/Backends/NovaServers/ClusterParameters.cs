namespace K2hdkcDbaas.Core.Backends.NovaServers;

/// <summary>The parameters of clusters whose guests K2HR3 configures.</summary>
internal static class ClusterParameters
{
    private const ParameterUses Uses = ParameterUses.NewCluster | ParameterUses.RestoreCluster;

    /// <summary>All of them.</summary>
    public static IReadOnlyList<BackendParameter> All { get; } =
    [
        RunUser(ParameterUses.NewCluster) with { FromPipelineByName = true },
        // A backup in the pipeline has the property, too, and tells it by itself.
        RunUser(ParameterUses.RestoreCluster),
        new("CreateUser", typeof(bool),
            Uses, "Lets the guests create the run user when they boot; as in the backed-up cluster when not given.")
        {
            PutCluster = (c, v) => c with { CreateUser = (bool)v },
        },
        new("NoSecurityGroup", typeof(bool), Uses, "Makes no security groups; as in the backed-up cluster when not given.")
        {
            PutCluster = (c, v) => c with { NoSecurityGroup = (bool)v },
        },
    ];

    private static BackendParameter RunUser(ParameterUses uses) =>
        new("RunUser", typeof(string), uses,
            "The user that runs chmpx and k2hdkc in the guests; that of the backed-up cluster, or the packages' own, when not given.")
        {
            PutCluster = (c, v) => c with { RunUser = (string)v },
        };
}
