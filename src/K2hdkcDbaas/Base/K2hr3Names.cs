using System.Security;
using System.Text.Json;
using K2hdkcDbaas.Core.Registry;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.K2hr3;
using K2hdkcDbaas.Model;
using K2hdkcDbaas.Templates;

namespace K2hdkcDbaas.Base;

/// <summary>Names in K2HR3: bare or as full yrn, lower-case, with slashes between parents and children.</summary>
internal static class K2hr3Names
{
    private const string TenantPrefix = Yrn.Prefix + "::";

    /// <summary>The bare name as K2HR3 keeps it.</summary>
#pragma warning disable CA1308 // lower case is K2HR3's own normal form
    public static string Normal(string name) => Yrn.NameOf(name).ToLowerInvariant();
#pragma warning restore CA1308

    /// <summary>What a user means by a name, in the session's tenant.</summary>
    /// <exception cref="DbaasException">K2hr3NameRefused: it is of another tenant, service or kind.</exception>
    public static Yrn Own(YrnKind kind, string tenant, string name) => Yrn.TryResolve(name, kind, tenant, out var yrn, out var reason)
        ? yrn
        : throw new DbaasException(
            ErrorKind.InvalidInput, Core.ErrorIds.K2hr3NameRefused, $"The name is refused, nothing was sent: {reason}",
            "Give the bare name, or work in a session of that tenant.")
        { Target = name };

    /// <summary>Refuses a full name of elsewhere before anything is asked about it; K2HR3 would look for its bare name.</summary>
    public static async Task DemandOwnAsync(K2hr3Client k2hr3, ListKind kind, string name, CancellationToken cancellationToken)
    {
        if (!Yrn.IsFull(name) || kind == ListKind.Service) return;
        Own(Enum.Parse<YrnKind>(kind.ToString()), await TenantAsync(k2hr3, cancellationToken).ConfigureAwait(false), name);
    }

    /// <summary>Full names of the session's tenant; null stays null.</summary>
    /// <exception cref="DbaasException">K2hr3NameRefused, as <see cref="Own"/>.</exception>
    public static string[]? Full(YrnKind kind, string tenant, string[]? names) =>
        names is null ? null : [.. names.Select(n => Own(kind, tenant, n).ToString())];

    /// <summary>Full names that may be of services and other tenants, where K2HR3 allows that.</summary>
    public static string[]? FullAnywhere(YrnKind kind, string tenant, string[]? names) =>
        names is null ? null : [.. names.Select(n => Yrn.TryParse(n, kind, out _) ? n : Own(kind, tenant, n).ToString())];

    /// <summary>A resource as users see it.</summary>
    public static K2hr3Resource Show(string name, Resource resource, bool expanded) =>
        new(name, resource.Text, Keys(resource.Keys), resource.Aliases ?? [], expanded)
        {
            Data = resource.Data is { ValueKind: not (JsonValueKind.Null or JsonValueKind.Undefined) } data ? data.GetRawText() : null,
        };

    /// <summary>A resource that a service lends as users see it.</summary>
    public static K2hr3ServiceResource Show(string service, AcrResource resource) => new(
        service,
        resource.Name,
        resource.Data is { } data
            ? data.ValueKind switch { JsonValueKind.String => data.GetString(), JsonValueKind.Null => null, _ => data.GetRawText() }
            : null,
        Keys(resource.Keys is { ValueKind: JsonValueKind.Object } keys
            ? keys.EnumerateObject().ToDictionary(k => k.Name, k => k.Value)
            : null),
        Time(resource.Expire));

    /// <summary>Keys as users give them, for K2HR3; null stays null.</summary>
    public static IReadOnlyDictionary<string, JsonElement>? Keys(System.Collections.Hashtable? keys) =>
        keys?.Cast<System.Collections.DictionaryEntry>()
            .ToDictionary(e => e.Key.ToString()!, e => JsonSerializer.SerializeToElement(Binding.JsonValues.From(e.Value)));

    /// <summary>A tenant's bare name in lower case.</summary>
#pragma warning disable CA1308 // lower case is K2HR3's own normal form
    public static string TenantName(string tenant) => Tenants([tenant])[0][TenantPrefix.Length..];

    /// <summary>Full names of tenants that are given by bare or full names.</summary>
    public static IReadOnlyList<string> Tenants(IEnumerable<string> tenants) =>
        [.. tenants.Select(t => t.ToLowerInvariant())
            .Select(t => t.StartsWith(TenantPrefix, StringComparison.Ordinal) ? t : TenantPrefix + t).Distinct()];
#pragma warning restore CA1308

    private static Dictionary<string, object?> Keys(IReadOnlyDictionary<string, JsonElement>? keys) =>
        (keys ?? new Dictionary<string, JsonElement>()).ToDictionary(k => k.Key, k => Binding.JsonValues.ToObject(k.Value));

    private static DateTimeOffset? Time(JsonElement? time) =>
        time is { ValueKind: JsonValueKind.String } text && text.TryGetDateTimeOffset(out var read) ? read.ToUniversalTime() : null;

    /// <summary>A policy as users see it.</summary>
    public static K2hr3Policy Show(string name, Policy policy) =>
        new(name, policy.Effect, policy.Actions ?? [], policy.Resources ?? [], policy.Aliases ?? []);

    /// <summary>The kind as a word.</summary>
    public static string Word(ListKind kind) => kind switch
    {
        ListKind.Role => "role",
        ListKind.Resource => "resource",
        ListKind.Policy => "policy",
        _ => "service",
    };

    /// <summary>The session's tenant, which full names need.</summary>
    public static async Task<string> TenantAsync(K2hr3Client k2hr3, CancellationToken cancellationToken) =>
        (await k2hr3.WhoAmIAsync(cancellationToken).ConfigureAwait(false)).Tenants is [var tenant, ..]
            ? tenant.Name
            : throw new DbaasException(ErrorKind.Unauthenticated, "K2hr3TenantMissing", "The K2HR3 token is for no tenant.",
                "Connect with -Tenant.");

    /// <summary>A role as users see it.</summary>
    public static K2hr3Role Show(string name, Role role) =>
        new(name, role.Policies, role.Aliases, [.. role.Hosts.Select(h => Show(name, h))]);

    /// <summary>A host as users see it.</summary>
    public static K2hr3RoleHost Show(string role, RoleHost host) =>
        new(role, host.Host, host.Port, host.Cuk, host.Extra, host.Tag, host.InboundIp, host.OutboundIp);

    /// <summary>A token as users see it.</summary>
    public static K2hr3RoleToken Show(string role, RoleToken token, bool asPlainText) =>
        new(role, Secret(token.Value, asPlainText), token.Created, token.Expires, token.User);

    /// <summary>A service as users see it.</summary>
    public static K2hr3Service Show(string name, Service service) => new(
        name,
        service.Verify is { } verify ? verify.ValueKind == JsonValueKind.String ? verify.GetString() : verify.GetRawText() : null,
        service.Tenant ?? []);

    /// <summary>A tenant as users see it.</summary>
    public static K2hr3Tenant Show(Tenant tenant, bool isLocal) =>
        new(tenant.Name, tenant.Display, tenant.Id, tenant.Description ?? tenant.Desc, isLocal, tenant.Users ?? []);

    /// <summary>A secret as users get it: covered, unless they asked for plain text.</summary>
    public static object Secret(string text, bool asPlainText)
    {
        if (asPlainText) return text;
        var secret = new SecureString();
        foreach (var character in text) secret.AppendChar(character);
        secret.MakeReadOnly();
        return secret;
    }

    /// <summary>K2HR3 answers many reads and deletions alike whether the thing is there or not: only its lists tell.</summary>
    public static async Task<bool> ExistsAsync(K2hr3Client k2hr3, ListKind kind, string name, CancellationToken cancellationToken)
    {
        await DemandOwnAsync(k2hr3, kind, name, cancellationToken).ConfigureAwait(false);
        return (await NameTrees.AllAsync(k2hr3, kind, cancellationToken).ConfigureAwait(false)).Contains(Normal(name));
    }

    /// <summary>Fails when there is such a thing already, unless the user wants it changed.</summary>
    public static async Task DemandAbsentAsync(K2hr3Client k2hr3, ListKind kind, string name, CancellationToken cancellationToken)
    {
        if (!await ExistsAsync(k2hr3, kind, name, cancellationToken).ConfigureAwait(false)) return;
        if (kind == ListKind.Resource && await IsBranchAsync(k2hr3, Normal(name), cancellationToken).ConfigureAwait(false)) return;
        throw new DbaasException(
            ErrorKind.AlreadyExists, $"K2hr3{kind}Exists", $"There is a {Word(kind)} '{name}' in this tenant already; nothing was changed.",
            "Choose another name, or change what is there with -Force.")
        {
            Target = name,
        };
    }

    // Listed for what is below it, and nothing itself yet.
    private static async Task<bool> IsBranchAsync(K2hr3Client k2hr3, string name, CancellationToken cancellationToken)
    {
        try
        {
            await k2hr3.Resources.GetAsync(name, expand: false, cancellationToken).ConfigureAwait(false);
            return false;
        }
        catch (DbaasException fault) when (fault.Kind == ErrorKind.NotFound)
        {
            return true;
        }
    }

    /// <summary>Fails when there is no such thing.</summary>
    public static async Task DemandPresentAsync(K2hr3Client k2hr3, ListKind kind, string name, CancellationToken cancellationToken)
    {
        if (!await ExistsAsync(k2hr3, kind, name, cancellationToken).ConfigureAwait(false)) throw NotFound(kind, name);
    }

    /// <summary>Reads a resource, or says that the name only groups others: K2HR3 lists it then, and has nothing of that name.</summary>
    public static async Task<Resource> ResourceAsync(K2hr3Client k2hr3, string name, bool expand, CancellationToken cancellationToken)
    {
        try
        {
            return await k2hr3.Resources.GetAsync(name, expand, cancellationToken).ConfigureAwait(false);
        }
        catch (DbaasException fault) when (fault.Kind == ErrorKind.NotFound)
        {
            throw new DbaasException(
                ErrorKind.NotFound, "K2hr3ResourceNotFound", $"'{name}' only groups the resources below it and is not a resource itself.",
                $"See them with Get-K2hr3Resource '{name}/*'.", fault)
            { Target = name };
        }
    }

    /// <summary>The fault of naming what is not there.</summary>
    public static DbaasException NotFound(ListKind kind, string name) => new(
        ErrorKind.NotFound, $"K2hr3{kind}NotFound", $"There is no {Word(kind)} '{name}' in this tenant.", $"See all with Get-K2hr3{kind}.")
    {
        Target = name,
    };
}
