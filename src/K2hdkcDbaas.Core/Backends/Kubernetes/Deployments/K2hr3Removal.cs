using K2hdkcDbaas.Core.Backends.Pods;
using K2hdkcDbaas.Core.Flows;
using K2hdkcDbaas.Kubernetes;

namespace K2hdkcDbaas.Core.Backends.Kubernetes.Deployments;

/// <summary>Removes K2HR3 systems. Whatever is already gone counts as removed, so every removal can be run again to finish.</summary>
internal sealed class K2hr3Removal(KubernetesConnection api, K2hr3Systems systems, PodRemoval pods)
{
    /// <summary>Removes a system: from outside to inside, its pods before what they mount.</summary>
    public Task<IReadOnlyList<FlowItem>> RunAsync(string name, FlowOptions options, CancellationToken cancellationToken) =>
        RemovalRun.RunAsync($"Removing K2HR3 system {name}", options, async run =>
        {
            run.Report("looking for all that belongs to it", 0);
            var found = await systems.RemovableAsync(name, options.Force, cancellationToken).ConfigureAwait(false);
            var data = found.Data?.Name ?? K2hr3SystemNames.Data;
            var front = found.Api?.Name ?? K2hr3SystemNames.Api;
            var app = found.App?.Name ?? K2hr3SystemNames.App;
            var services = await api.GetNamesAsync(ObjectKind.Service, null, cancellationToken).ConfigureAwait(false);
            Task GoAsync(ObjectKind kind, string item) => run.RemoveAsync(new FlowItem(KindNames.Of(kind), item),
                () => api.DeleteAsync(kind, item, cancellationToken));

            foreach (var service in new[] { K2hr3SystemNames.NodePort(app), K2hr3SystemNames.NodePort(front) }.Where(services.Contains))
                await GoAsync(ObjectKind.Service, service).ConfigureAwait(false);
            // What is found again by its pods goes while these are there; whoever runs this again must find it.
            if (found.App is not null) await GoAsync(ObjectKind.Deployment, K2hr3SystemNames.Pods(app)).ConfigureAwait(false);
            run.Report("removing secrets and configuration", 30);
            var binding = K2hr3SystemNames.Binding(front, api.Namespace);
            foreach (var (kind, item) in new[] { (ObjectKind.ClusterRoleBinding, binding),
                (ObjectKind.ClusterRole, K2hr3SystemNames.Role(front, api.Namespace)) })
                await GoIfThereAsync(run, kind, item, cancellationToken).ConfigureAwait(false);
            if (await api.IsBoundHereAsync("crb-" + front, cancellationToken).ConfigureAwait(false))
            {
                await GoAsync(ObjectKind.ClusterRoleBinding, "crb-" + front).ConfigureAwait(false);
                await GoAsync(ObjectKind.ClusterRole, "cr-" + front).ConfigureAwait(false);
            }

            if (found.Api is not null) await GoAsync(ObjectKind.StatefulSet, K2hr3SystemNames.Pods(front)).ConfigureAwait(false);
            foreach (var service in new[] { K2hr3SystemNames.Service(front), K2hr3SystemNames.Service(data) }.Where(services.Contains))
                await GoAsync(ObjectKind.Service, service).ConfigureAwait(false);
            // Those for releases of K2HDKC's chart have names of their own.
            var made = name != K2hr3SystemNames.Own ? []
                : await api.GetNamesAsync(ObjectKind.Secret, K2hr3SystemObjects.OwnSelector, cancellationToken).ConfigureAwait(false);
            foreach (var secret in made.Where(s => s.StartsWith(K2hr3SystemNames.ChartAuthority(""), StringComparison.Ordinal))
                .Union([K2hr3SystemNames.Settings, K2hr3SystemNames.Certificates, K2hr3SystemNames.AuthorityKey,
                    K2hr3SystemNames.Authority]))
            {
                if (await api.GetSecretAsync(secret, cancellationToken).ConfigureAwait(false) is not null)
                    await GoAsync(ObjectKind.Secret, secret).ConfigureAwait(false);
            }

            if (await api.HasConfigMapAsync(K2hr3SystemNames.ConfigMap, cancellationToken).ConfigureAwait(false))
                await GoAsync(ObjectKind.ConfigMap, K2hr3SystemNames.ConfigMap).ConfigureAwait(false);
            await GoIfThereAsync(run, ObjectKind.ServiceAccount, K2hr3SystemNames.Account(front), cancellationToken).ConfigureAwait(false);
            if (found.Data is not null) await GoAsync(ObjectKind.StatefulSet, K2hr3SystemNames.Pods(data)).ConfigureAwait(false);

            run.Report("waiting until the pods are gone", 60);
            foreach (var part in found.Parts)
                await pods.GoneAsync(part.Name, p => p.Name.StartsWith(K2hr3SystemNames.Pods(part.Name) + "-", StringComparison.Ordinal),
                    options, cancellationToken).ConfigureAwait(false);
            foreach (var claim in await systems.ClaimsAsync(cancellationToken).ConfigureAwait(false))
                await GoAsync(ObjectKind.PersistentVolumeClaim, claim).ConfigureAwait(false);
            run.Report("done", 100);
        }, cancellationToken);

    private async Task GoIfThereAsync(RemovalRun run, ObjectKind kind, string name, CancellationToken cancellationToken)
    {
        if (await api.DeleteAsync(kind, name, cancellationToken).ConfigureAwait(false))
            run.Removed([new FlowItem(KindNames.Of(kind), name)]);
    }
}
