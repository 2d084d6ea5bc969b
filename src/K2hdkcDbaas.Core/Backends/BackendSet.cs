using System.Reflection;
using K2hdkcDbaas.Errors;

namespace K2hdkcDbaas.Core.Backends;

/// <summary>The back ends of one session: each made when it is first asked for.</summary>
internal sealed class BackendSet(IReadOnlyList<IClusterBackendProvider> providers, IClusterBackendProvider first, BackendContext context)
    : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, IClusterBackend> _made = [];

    /// <summary>The engines that the session knows, usable in it or not.</summary>
    public IReadOnlyList<IClusterBackendProvider> Providers => providers;

    /// <summary>The engine where a call does not say.</summary>
    public IClusterBackendProvider Default => first;

    /// <summary>The provider that a word means.</summary>
    /// <exception cref="DbaasException"><c>InvalidRequest</c>: there is no such engine.</exception>
    public static IClusterBackendProvider Named(IReadOnlyList<IClusterBackendProvider> providers, string? name) =>
        BackendProviders.Find(providers, name)
            ?? throw new DbaasException(ErrorKind.InvalidInput, ErrorIds.InvalidRequest, $"There is no back end '{name}'.",
            $"Choose one of: {string.Join(", ", providers.Select(p => p.Name))}.")
            { Target = name };

    /// <summary>A back end by its engine's name or another word for it; null for the session's default.</summary>
    /// <exception cref="DbaasException">There is no such engine, or the session lacks what it needs.</exception>
    public IClusterBackend Get(string? name)
    {
        var provider = name is null ? first : Named(providers, name);
        lock (_lock)
        {
            if (_made.TryGetValue(provider.Name, out var made)) return made;
            if (provider.Missing(context) is { } missing)
                throw new DbaasException(ErrorKind.InvalidInput, missing.ErrorId,
                    $"Session '{context.SessionName}' has no {provider.Name} back end: {missing.Reason}.",
                    missing.NextStep)
                { Target = provider.Name };
            return _made[provider.Name] = provider.Create(context);
        }
    }

    /// <summary>
    /// A feature: of the named back end alone, or without a name of the session's default one or, where that does not have it, of the first
    /// of the session's others that does.
    /// </summary>
    /// <exception cref="DbaasException"><c>NotSupported</c>, with the engines that have it.</exception>
    public T Feature<T>(string? name)
        where T : class
    {
        if (name is not null || first.Features.Contains(typeof(T)) || Other<T>() is not { } other)
            return Get(name).Feature<T>() ?? throw NotOffered(typeof(T), name is null ? first : Named(providers, name));
        return Get(other.Name).Feature<T>()!;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var backend in _made.Values.OfType<IAsyncDisposable>()) await backend.DisposeAsync().ConfigureAwait(false);
    }

    private IClusterBackendProvider? Other<T>() =>
        providers.FirstOrDefault(p => p != first && p.Features.Contains(typeof(T)) && p.Missing(context) is null);

    private DbaasException NotOffered(Type feature, IClusterBackendProvider provider)
    {
        var what = feature.GetCustomAttribute<FeatureNameAttribute>()?.Name ?? feature.Name;
        var having = providers.Where(p => p.Features.Contains(feature)).Select(p => p.Name).ToList();
        return new DbaasException(ErrorKind.NotSupported, ErrorIds.BackendNotSupported,
            $"{provider.Name} has no {what}; {(having.Count == 0 ? "no back end" : string.Join(" and ", having))} has.",
            having.Count == 0 ? "Use another command." : $"Use -Backend {having[0]}, or a session with it, if the cluster is run by that.")
        { Target = provider.Name };
    }
}
