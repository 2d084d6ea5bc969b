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

/// <summary>A name and what is below it.</summary>
/// <param name="Name">The last part of the name.</param>
public sealed record NameTree(string Name)
{
    /// <summary>What is below; empty when the list was not asked to go deeper.</summary>
    public IReadOnlyList<NameTree> Children { get; init; } = [];
}

/// <summary>K2HR3's lists of names (/v1/list).</summary>
public sealed class ListsClient
{
    private readonly K2hr3Endpoint _k2hr3;

    internal ListsClient(K2hr3Endpoint k2hr3) => _k2hr3 = k2hr3;

    /// <summary>The names below a path.</summary>
    /// <param name="kind">What to list.</param>
    /// <param name="path">Where, such as <c>mycluster</c>; null for the top.</param>
    /// <param name="deep">Whether to go all the way down.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public async Task<IReadOnlyList<NameTree>> GetAsync(ListKind kind, string? path, bool deep, CancellationToken cancellationToken)
    {
        var what = kind switch { ListKind.Role => "role", ListKind.Resource => "resource", ListKind.Policy => "policy", _ => "service" };
        var below = path is null ? "" : "/" + K2hr3Endpoint.Name(path, what);
        return (await _k2hr3.GetAsync($"/v1/list/{what}{below}?expand={(deep ? "true" : "false")}", K2hr3Json.Default.ListReply, cancellationToken).ConfigureAwait(false)).Children;
    }
}
