using Refit;

namespace K2hdkcDbaas.K2hr3;

/// <summary>What kinds of things K2HR3 lists.</summary>
public enum ListKind
{
    /// <summary>Roles.</summary>
    Role,

    /// <summary>Resources.</summary>
    Resource,

    /// <summary>Policies.</summary>
    Policy,

    /// <summary>Services.</summary>
    Service,
}

/// <summary>K2HR3's lists of names (k2hr3_api "LIST", src/routes/list.ts).</summary>
internal interface ILists
{
    /// <summary>The names at the top.</summary>
    /// <param name="kind">role, resource, policy or service.</param>
    /// <param name="expand">Whether to go all the way down.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    [Get("/v1/list/{kind}")]
    Task<IReadOnlyList<NameTree>> ListAsync(string kind, [Query] bool expand, CancellationToken cancellationToken);

    /// <summary>The names below a path.</summary>
    /// <param name="kind">role, resource, policy or service.</param>
    /// <param name="path">Where.</param>
    /// <param name="expand">Whether to go all the way down.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    [Get("/v1/list/{kind}/{**path}")]
    Task<IReadOnlyList<NameTree>> ListBelowAsync(string kind, string path, [Query] bool expand, CancellationToken cancellationToken);

    /// <summary>The names that a tenant has of a service which it has taken up.</summary>
    /// <param name="service">The service.</param>
    /// <param name="kind">role, resource or policy.</param>
    /// <param name="expand">Whether to go all the way down.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    [Get("/v1/list/{service}/{kind}")]
    Task<IReadOnlyList<NameTree>> ListOfServiceAsync(string service, string kind, [Query] bool expand, CancellationToken cancellationToken);

    /// <summary>The names below a path.</summary>
    /// <param name="kind">What to list.</param>
    /// <param name="path">Where, such as <c>mycluster</c>; null for the top.</param>
    /// <param name="deep">Whether to go all the way down.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    Task<IReadOnlyList<NameTree>> GetAsync(ListKind kind, string? path, bool deep, CancellationToken cancellationToken)
    {
        return path is null ? ListAsync(Word(kind), deep, cancellationToken) : ListBelowAsync(Word(kind), path, deep, cancellationToken);
    }

    /// <summary>The names that a tenant has of a service which it has taken up.</summary>
    /// <param name="kind">What to list.</param>
    /// <param name="service">The service.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    Task<IReadOnlyList<NameTree>> GetOfServiceAsync(ListKind kind, string service, CancellationToken cancellationToken) =>
        ListOfServiceAsync(service, Word(kind), expand: true, cancellationToken);

    /// <summary>The kind as paths say it.</summary>
    /// <param name="kind">The kind.</param>
    static string Word(ListKind kind) =>
        kind switch { ListKind.Role => "role", ListKind.Resource => "resource", ListKind.Policy => "policy", _ => "service" };
}
