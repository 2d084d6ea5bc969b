using System.Text.Json.Nodes;
using K2hdkcDbaas.Core.Flows;
using K2hdkcDbaas.Http;
using K2hdkcDbaas.Kubernetes;

namespace K2hdkcDbaas.Core.Backends.Helm;

/// <summary>
/// The K2HR3 system that was made here, as K2HDKC's chart wants it: it looks for K2HR3's own chart, whose names are others, and its pods
/// mount the authority's key to make their certificates.
/// </summary>
internal sealed class ChartK2hr3(KubernetesConnection api, Redactor redactor)
{
    // What the chart calls K2HR3 when it is told nothing.
    private const string Usual = K2hr3SystemNames.Api + "-" + K2hr3SystemNames.Own;

    private IReadOnlyList<string> _services = [];

    /// <summary>Whether there is one in the namespace.</summary>
    public bool IsThere { get; private set; }

    /// <summary>Looks for it.</summary>
    public async Task FindAsync(CancellationToken cancellationToken)
    {
        var secrets = api.GetNamesAsync(ObjectKind.Secret, K2hr3SystemObjects.OwnSelector, cancellationToken);
        var services = api.GetNamesAsync(ObjectKind.Service, null, cancellationToken);
        await Together.AllAsync(secrets, services).ConfigureAwait(false);
        _services = services.Result;
        IsThere = secrets.Result.Contains(K2hr3SystemNames.AuthorityKey)
            && _services.Contains(K2hr3SystemNames.Service(K2hr3SystemNames.Api));
    }

    /// <summary>Whether the chart's pods look for K2HR3 where nobody has said that it is, and it is not.</summary>
    /// <param name="rendered">What the chart comes to.</param>
    public bool IsMissedBy(HelmObjects rendered) => IsThere && !_services.Contains(K2hr3SystemNames.Service(Usual))
        && rendered.Sets.Any(s => K2hr3SystemNames.IsInside(s.K2hr3Uri, Usual, api.Namespace));

    /// <summary>The values that lead them to it.</summary>
    public static JsonObject Values() =>
        new() { ["k2hr3"] = new JsonObject { ["api"] = new JsonObject { ["baseName"] = K2hr3SystemNames.Api } } };

    /// <summary>The Secret that pods led to it mount and that is missing; null for none.</summary>
    /// <param name="rendered">What the chart comes to.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<KubernetesObject?> MissingAuthorityAsync(HelmObjects rendered, CancellationToken cancellationToken)
    {
        if (!IsThere || rendered.Sets.FirstOrDefault(s => K2hr3SystemNames.IsInside(s.K2hr3Uri, K2hr3SystemNames.Api, api.Namespace))
            is not { AuthoritySecret: { } name } || rendered.Has("Secret", name, api.Namespace)) return null;
        var there = api.GetSecretAsync(name, cancellationToken);
        var held = api.GetSecretAsync(K2hr3SystemNames.AuthorityKey, cancellationToken);
        await Together.AllAsync(there, held).ConfigureAwait(false);
        if (there.Result is not null || held.Result is not { } authority || !CertificateAuthority.IsKeptIn(authority)) return null;
        redactor.Learn(System.Text.Encoding.ASCII.GetString(authority[CertificateAuthority.PrivateKey]));
        return new K2hr3SystemObjects(new K2hr3SystemDesign { Namespace = api.Namespace }).ChartAuthority(name, authority);
    }
}
