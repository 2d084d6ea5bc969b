using K2hdkcDbaas.Core.Flows;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Core.Registry;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Http;
using K2hdkcDbaas.Kubernetes;

namespace K2hdkcDbaas.Core.Backends.Helm;

/// <summary>Makes clusters: a release of the chart that the request names.</summary>
internal sealed class HelmCreation(KubernetesConnection api, ClusterRegistry registry, HelmCommands helm,
    Func<CancellationToken, Task<string?>> token, Redactor redactor)
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
        var system = new ChartK2hr3(api, redactor);
        await Together.AllAsync(tenant, sets, releases, have, system.FindAsync(cancellationToken)).ConfigureAwait(false);
        if (releases.Result.Count > 0 || sets.Result.Any(s => s.Cluster == name))
            throw new DbaasException(ErrorKind.AlreadyExists, ErrorIds.ClusterExists,
                releases.Result is [var there, ..]
                    ? $"There is a Helm release '{name}' already ({there.ChartName}, {there.Status}); nothing was changed."
                    : $"Cluster '{name}' exists already, and another tool has made it; nothing was changed.",
                "Choose another name, add nodes with Add-K2hdkcNode, or remove it with Remove-K2hdkcCluster.")
            { Target = name };
        if (have.Result.Any)
            throw new DbaasException(ErrorKind.AlreadyExists, ErrorIds.NameTaken,
                $"K2HR3 has parts of a cluster '{name}' in tenant '{tenant.Result}', which the chart would overwrite; nothing was changed.",
                "Choose another name, or remove them: Get-K2hr3Role, -Policy and -Resource show them.")
            { Target = name };

        var values = HelmParameters.Of(request, tenant.Result, await token(cancellationToken).ConfigureAwait(false));
        var folder = new HelmChartFolder();
        try
        {
            var chart = await helm.FetchAsync(source, folder, cancellationToken).ConfigureAwait(false);
            async Task<HelmObjects> RenderAsync() =>
                HelmObjects.Parse(await helm.RenderAsync(name, chart, files, values, cancellationToken).ConfigureAwait(false));
            var rendered = await RenderAsync().ConfigureAwait(false);
            var isLed = system.IsMissedBy(rendered);
            if (isLed)
            {
                // Below all that the user says.
                files = [folder.Put("k2hr3.yaml", ChartK2hr3.Values().ToJsonString()), .. files];
                rendered = await RenderAsync().ConfigureAwait(false);
            }

            var authority = await system.MissingAuthorityAsync(rendered, cancellationToken).ConfigureAwait(false);
            await CheckAsync(name, source.Name, rendered, authority?.Name, cancellationToken).ConfigureAwait(false);
            return new ReleasePlan(name, chart, files, values, folder) { IsLed = isLed, Authority = authority };
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>Makes the release, and what it needs that is not there.</summary>
    /// <param name="run">The flow.</param>
    /// <param name="plan">The release.</param>
    /// <param name="undo">Takes the release back.</param>
    public async Task InstallAsync(FlowRun run, ReleasePlan plan, Func<CancellationToken, Task> undo)
    {
        if (plan.IsLed)
            run.Options.Observer.Verbose($"The K2HR3 that New-K2hr3Deployment has made is used: {ChartK2hr3.Values().ToJsonString()}.");
        if (plan.Authority is { } authority)
            await run.MakeAsync(new FlowItem("secret", authority.Name), ct => api.ApplyAsync(authority, ct),
                ct => TakeBackAsync(authority.Name, ct)).ConfigureAwait(false);
        await run.MakeAsync(new FlowItem("Helm release", plan.Name),
            ct => helm.InstallAsync(plan.Name, plan.Chart, plan.Files, plan.Values, run.Options.Timeout, ct), undo).ConfigureAwait(false);
    }

    // Another cluster may have begun to use it meanwhile, or this one could not be taken back.
    private async Task TakeBackAsync(string secret, CancellationToken cancellationToken)
    {
        var users = (await api.GetSetsAsync(cancellationToken).ConfigureAwait(false))
            .Where(s => s.AuthoritySecret == secret).Select(s => s.Cluster).Distinct().ToList();
        if (users.Count > 0)
            throw new DbaasException(ErrorKind.Conflict, ErrorIds.K2hr3DeploymentInUse,
                $"Pods of {string.Join(", ", users)} mount the Secret '{secret}'.",
                "Remove-K2hr3Deployment removes it.")
            { Target = secret };
        await api.DeleteAsync(ObjectKind.Secret, secret, cancellationToken).ConfigureAwait(false);
    }

    // Pods that mount what is not there wait for ever, and so does the chart's Job, with no word of why.
    private async Task CheckAsync(string name, string chart, HelmObjects rendered, string? made, CancellationToken cancellationToken)
    {
        foreach (var isServer in (bool[])[true, false])
        {
            var set = KubernetesNames.Set(name, isServer);
            if (!rendered.Has("StatefulSet", set, api.Namespace))
                throw HelmErrors.Chart(chart, $"with these values it makes no StatefulSet '{set}', which a cluster '{name}' of K2HDKC has");
        }

        foreach (var secret in rendered.MountedSecrets.Where(s => s != made && !rendered.Has("Secret", s, api.Namespace)))
        {
            if (await api.GetSecretAsync(secret, cancellationToken).ConfigureAwait(false) is not null) continue;
            var elsewhere = rendered.NamespaceOf("Secret", secret);
            throw new DbaasException(ErrorKind.Conflict, ErrorIds.ClusterIncomplete,
                $"The chart's pods need the Secret '{secret}' in namespace '{api.Namespace}', where it is not"
                    + (elsewhere is null ? "." : $": the chart puts it into '{elsewhere}'."),
                elsewhere is null
                    ? "New-K2hr3Deployment makes K2HR3 in this namespace, and the Secret is made from its authority. K2HR3's chart makes "
                        + "it by itself: install that here, or copy the Secret. k2hr3.clusterName and k2hr3.api.baseName of -HelmValues "
                        + "say which K2HR3 is meant."
                    : $"Connect with -Namespace {elsewhere}.")
            { Target = secret };
        }
    }
}
