using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using K2hdkcDbaas.Core.Flows;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Http;
using K2hdkcDbaas.Kubernetes;

namespace K2hdkcDbaas.Core.Backends.Kubernetes.Deployments;

/// <summary>Makes a K2HR3 system: what it is reached by first, since its certificates and settings name that, and its pods last.</summary>
internal sealed class K2hr3Creation(KubernetesConnection api, ClusterKeys keys, K2hr3Systems systems, Redactor redactor, TimeProvider time)
{
    private static readonly TimeSpan AuthorityLife = TimeSpan.FromDays(10 * 365);
    private static readonly TimeSpan PodLife = TimeSpan.FromDays(5 * 365);

    /// <summary>Looks for what is known to make it fail.</summary>
    /// <returns>What is there of it; null for nothing.</returns>
    public async Task<K2hr3System?> CheckAsync(NewK2hr3Deployment request, CancellationToken cancellationToken)
    {
        redactor.Learn(request.OidcClientSecret);
        if (!request.OidcIssuer.IsAbsoluteUri || request.OidcIssuer.Scheme is not ("https" or "http"))
            throw Wrong($"'{request.OidcIssuer}' is no address of an OpenID Connect provider.",
                "Give one such as https://login.example/dex.");
        foreach (var host in (string[])[request.ApiHost, request.AppHost ?? request.ApiHost])
        {
            if (Uri.CheckHostName(host) is not (UriHostNameType.Dns or UriHostNameType.IPv4))
                throw Wrong($"'{host}' is no name and no IPv4 address of a host.", "Give it without scheme and port: k2hr3.example.");
        }

        if (request.ApiNodePort is { } port && port == request.AppNodePort)
            throw Wrong($"Node port {port} is both the API's and the application's.",
                "Give two different ports, or leave them to Kubernetes.");
        var found = await systems.FindAsync(K2hr3SystemNames.Own, cancellationToken).ConfigureAwait(false);
        if (found is null || (found.ManagedBy == KubernetesNames.Manager && found.Parts.Count() < 3)) return found;
        var shown = systems.Shown(found);
        throw new DbaasException(ErrorKind.AlreadyExists, ErrorIds.K2hr3DeploymentExists,
            $"Namespace '{api.Namespace}' has a K2HR3 system already ({shown.ManagedBy}, {shown.Status}); nothing was changed.",
            "Use that one: Get-K2hr3Deployment shows its address. Another one takes another namespace, with -Namespace of "
                + "Connect-K2hdkcDbaas.")
        { Target = found.Name };
    }

    /// <summary>Makes it.</summary>
    public async Task<K2hr3Deployment> CreateAsync(FlowRun run, NewK2hr3Deployment request)
    {
        run.Report("looking at what is there", 0);
        var found = await CheckAsync(request, run.Token).ConfigureAwait(false);
        if (found is not null) run.Options.Observer.Warning("K2HR3 is there in part; what is missing is made.");
        var design = await DesignAsync(run, request).ConfigureAwait(false);

        run.Report("making Services", 10);
        var objects = new K2hr3SystemObjects(design);
        foreach (var part in (string[])[K2hr3SystemNames.Api, K2hr3SystemNames.App])
            await ApplyAsync(run, objects.NodePort(part)).ConfigureAwait(false);
        // The settings name the ports that Kubernetes has chosen.
        design = design with
        {
            ApiPort = await PortAsync(K2hr3SystemNames.Api, run.Token).ConfigureAwait(false),
            AppPort = await PortAsync(K2hr3SystemNames.App, run.Token).ConfigureAwait(false),
        };
        objects = new K2hr3SystemObjects(design);

        run.Report("making certificates and settings", 20);
        foreach (var secret in await SecretsAsync(design, request, run.Token).ConfigureAwait(false))
            await ApplyAsync(run, objects.Secret(secret.Key, secret.Value)).ConfigureAwait(false);
        await ApplyAsync(run, objects.ConfigMap()).ConfigureAwait(false);

        run.Report("making pods", 40);
        foreach (var wanted in (IEnumerable<KubernetesObject>)[.. objects.Account(), objects.Service(K2hr3SystemNames.Data),
            objects.Service(K2hr3SystemNames.Api)]) await ApplyAsync(run, wanted).ConfigureAwait(false);
        // Pods that are there keep what they are made of, and their data.
        if (found?.Data is null) await ApplyAsync(run, objects.Data()).ConfigureAwait(false);
        if (found?.Api is null) await ApplyAsync(run, objects.Api()).ConfigureAwait(false);
        if (found?.App is null) await ApplyAsync(run, objects.App()).ConfigureAwait(false);
        if (run.Options.Wait) return await systems.WaitAsync(run, K2hr3SystemNames.Own).ConfigureAwait(false);
        return systems.Shown((await systems.FindAsync(K2hr3SystemNames.Own, run.Token).ConfigureAwait(false))!);
    }

    private static DbaasException Wrong(string message, string next) =>
        new(ErrorKind.InvalidInput, ErrorIds.InvalidRequest, message, next);

    private async Task<K2hr3SystemDesign> DesignAsync(FlowRun run, NewK2hr3Deployment request)
    {
        var storage = request.InMemory ? null
            : request.StorageClass ?? await api.GetDefaultStorageClassAsync(run.Token).ConfigureAwait(false);
        if (storage is null && !request.InMemory)
            run.Options.Observer.Warning(
                "No default storage class was found, so K2HR3 keeps all roles, resources and tokens in memory, and loses them with its "
                    + "pods. "
                    + "-StorageClass names one; -InMemory says that this is meant.");
        var design = new K2hr3SystemDesign
        {
            Namespace = api.Namespace,
            DataCount = request.DataCount,
            ApiCount = request.ApiCount,
            AppCount = request.AppCount,
            ApiHost = request.ApiHost,
            AppHost = request.AppHost ?? request.ApiHost,
            ApiPort = request.ApiNodePort,
            AppPort = request.AppNodePort,
            VolumeSize = storage is null ? null : request.VolumeSize,
            StorageClass = request.StorageClass,
        };
        string Image(string word, string usual) => request.Images.GetValueOrDefault(word) ?? usual;
        return design with
        {
            InitImage = Image("init", design.InitImage),
            ChmpxImage = Image("chmpx", design.ChmpxImage),
            K2hdkcImage = Image("k2hdkc", design.K2hdkcImage),
            ApiImage = Image("api", design.ApiImage),
            AppImage = Image("app", design.AppImage),
        };
    }

    private async Task<int?> PortAsync(string part, CancellationToken cancellationToken) =>
        await api.GetNodePortAsync(K2hr3SystemNames.NodePort(part), cancellationToken).ConfigureAwait(false);

    private async Task<IReadOnlyDictionary<string, IReadOnlyDictionary<string, byte[]>>> SecretsAsync(K2hr3SystemDesign design,
        NewK2hr3Deployment request, CancellationToken cancellationToken)
    {
        // What a broken run has left goes on being trusted, and user data stays readable.
        using var authority = await keys.LoadAsync(K2hr3SystemNames.AuthorityKey, cancellationToken).ConfigureAwait(false)
            ?? CertificateAuthority.Create(KubernetesNames.Domain, AuthorityLife, time);
        var held = await api.GetSecretAsync(K2hr3SystemNames.Settings, cancellationToken).ConfigureAwait(false);
        var passphrase = K2hr3SystemSettings.PassphraseOf(held) ?? Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));
        redactor.Learn(passphrase);
        var certificates = await Task.WhenAll(Hosts(design).Select(h => Task.Run(
            () => authority.Issue(h.Host, h.Service, design.Namespace, h.More, PodLife), cancellationToken))).ConfigureAwait(false);
        return new Dictionary<string, IReadOnlyDictionary<string, byte[]>>
        {
            [K2hr3SystemNames.Authority] = new Dictionary<string, byte[]>
            {
                [$"{design.Namespace}.{KubernetesNames.Domain}_CA.crt"] = Encoding.ASCII.GetBytes(authority.Pem),
            },
            [K2hr3SystemNames.AuthorityKey] = keys.Keep(authority),
            [K2hr3SystemNames.Certificates] = certificates.SelectMany(c => c).ToDictionary(c => c.Key, c => c.Value),
            [K2hr3SystemNames.Settings] = K2hr3SystemSettings.Make(design,
                new K2hr3LogIn(request.OidcIssuer, request.OidcClientId, request.OidcClientSecret)
                {
                    UserNameKey = request.OidcUserNameKey ?? "",
                    CookieName = request.OidcCookieName,
                    CookieExpire = request.OidcCookieExpire,
                }, passphrase),
        };
    }

    // Each data and API pod has certificates of its own; all application pods share one.
    private static IEnumerable<(string Host, string Service, string[] More)> Hosts(K2hr3SystemDesign design)
    {
        static string Pod(string part, int? number = null) => string.Create(CultureInfo.InvariantCulture,
            $"{K2hr3SystemNames.Pods(part)}{(number is null ? "" : $"-{number}")}.{K2hr3SystemNames.Service(part)}");
        foreach (var (part, count, host) in new[] { (K2hr3SystemNames.Data, design.DataCount, (string?)null),
            (K2hr3SystemNames.Api, design.ApiCount, design.ApiHost) })
        {
            for (var i = 0; i < count; i++)
                yield return (Pod(part, i), K2hr3SystemNames.Service(part), host is null ? [] : [K2hr3SystemNames.NodePort(part), host]);
        }

        yield return (Pod(K2hr3SystemNames.App), K2hr3SystemNames.Service(K2hr3SystemNames.App),
            [K2hr3SystemNames.NodePort(K2hr3SystemNames.App), design.AppHost]);
    }

    private Task ApplyAsync(FlowRun run, KubernetesObject wanted) =>
        run.MakeAsync(new FlowItem(KindNames.Of(wanted.Kind), wanted.Name), ct => api.ApplyAsync(wanted, ct), async ct =>
        {
            await api.DeleteAsync(wanted.Kind, wanted.Name, ct).ConfigureAwait(false);
            if (wanted.Kind != ObjectKind.StatefulSet) return;
            foreach (var claim in await api.GetNamesAsync(ObjectKind.PersistentVolumeClaim, K2hr3SystemObjects.Selector,
                ct).ConfigureAwait(false))
                await api.DeleteAsync(ObjectKind.PersistentVolumeClaim, claim, ct).ConfigureAwait(false);
        });
}
