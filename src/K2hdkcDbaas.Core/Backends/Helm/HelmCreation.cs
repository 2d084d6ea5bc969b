using K2hdkcDbaas.Core.Flows;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Core.Registry;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Kubernetes;

namespace K2hdkcDbaas.Core.Backends.Helm;

/// <summary>Makes clusters: a release of the chart that the request names.</summary>
internal sealed class HelmCreation(KubernetesConnection api, ClusterRegistry registry, HelmCommands helm,
    Func<CancellationToken, Task<string?>> token)
{
    /// <summary>Looks for all that is known to make an installation fail, and changes nothing.</summary>
    public async Task<ReleasePlan> PlanAsync(NewCluster request, CancellationToken cancellationToken)
    {
        var name = request.Name;
        KubernetesNames.CheckNew(name);
        var source = HelmParameters.Source(request);
        var files = HelmParameters.Files(request);
        helm.Check();
        var tenant = registry.TenantAsync(cancellationToken);
        var sets = api.GetSetsAsync(cancellationToken);
        var releases = api.GetReleasesAsync(name, withFormer: false, cancellationToken);
        // A cluster of the chart has no mark in K2HR3.
        var have = registry.ProbeAsync(name, ClusterRegistry.Unmarked, cancellationToken);
        await Together.AllAsync(tenant, sets, releases, have).ConfigureAwait(false);
        if (releases.Result.Count > 0 || sets.Result.Any(s => s.Cluster == name))
            throw new DbaasException(ErrorKind.AlreadyExists, ErrorIds.ClusterExists,
                releases.Result is [var there, ..]
                    ? $"There is a Helm release '{name}' already ({there.ChartName}, {there.Status}); nothing was changed."
                    : $"Cluster '{name}' exists already, and another tool has made it; nothing was changed.",
                "Choose another name, add nodes with Add-K2hdkcNode, or remove it with Remove-K2hdkcCluster.")
            { Target = name };
        if (have.Result.Any)
            throw new DbaasException(ErrorKind.AlreadyExists, ErrorIds.NameTaken,
                $"K2HR3 has parts of a cluster '{name}' in tenant '{tenant.Result}', which the chart would write over; nothing was changed.",
                "Choose another name, or remove them: Get-K2hr3Role, -Policy and -Resource show them.")
            { Target = name };

        var values = HelmParameters.Of(request, tenant.Result, await token(cancellationToken).ConfigureAwait(false));
        var folder = new HelmChartFolder();
        try
        {
            var chart = await helm.FetchAsync(source, folder, cancellationToken).ConfigureAwait(false);
            var rendered = HelmObjects.Parse(await helm.RenderAsync(name, chart, files, values, cancellationToken).ConfigureAwait(false));
            await CheckAsync(name, source.Name, rendered, cancellationToken).ConfigureAwait(false);
            return new ReleasePlan(name, chart, files, values, folder);
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>Makes the release.</summary>
    public Task InstallAsync(ReleasePlan plan, FlowOptions options, CancellationToken cancellationToken) =>
        helm.InstallAsync(plan.Name, plan.Chart, plan.Files, plan.Values, options.Timeout, cancellationToken);

    // Pods that mount what is not there wait for ever, and so does the chart's Job, with no word of why.
    private async Task CheckAsync(string name, string chart, HelmObjects rendered, CancellationToken cancellationToken)
    {
        foreach (var isServer in (bool[])[true, false])
        {
            var set = KubernetesNames.Set(name, isServer);
            if (!rendered.Has("StatefulSet", set, api.Namespace))
                throw HelmErrors.Chart(chart, $"with these values it makes no StatefulSet '{set}', which a cluster '{name}' of K2HDKC has");
        }

        foreach (var secret in rendered.MountedSecrets.Where(s => !rendered.Has("Secret", s, api.Namespace)))
        {
            if (await api.GetSecretAsync(secret, cancellationToken).ConfigureAwait(false) is not null) continue;
            var elsewhere = rendered.NamespaceOf("Secret", secret);
            throw new DbaasException(ErrorKind.Conflict, ErrorIds.ClusterIncomplete,
                $"The chart's pods need the Secret '{secret}' in namespace '{api.Namespace}', where it is not"
                    + (elsewhere is null ? "." : $": the chart puts it into '{elsewhere}'."),
                elsewhere is null
                    ? "K2HR3's chart makes its authority's Secret: install it in this namespace, or copy the Secret here; "
                        + "k2hr3.clusterName of "
                        + "-HelmValues says whose it is."
                    : $"Connect with -Namespace {elsewhere}.")
            { Target = secret };
        }
    }
}
