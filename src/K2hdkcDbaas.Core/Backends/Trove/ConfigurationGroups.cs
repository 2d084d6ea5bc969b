using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.OpenStack;
using K2hdkcDbaas.OpenStack.Trove;

namespace K2hdkcDbaas.Core.Backends.Trove;

/// <summary>Trove's configuration groups of the <c>k2hdkc</c> datastore.</summary>
internal sealed class ConfigurationGroups(OpenStackConnection cloud) : IConfigurationGroups
{
    public const string Datastore = "k2hdkc";
    public const string NameKey = "cluster-name";

    // Trove sets it itself; a user's value would lead guests astray.
    public const string SystemKey = "extdata-url";

    /// <inheritdoc/>
    public async IAsyncEnumerable<ConfigurationGroup> GetAsync(string pattern, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var wanted = new NamePattern(pattern);
        await foreach (var group in cloud.Database.Configurations.ListAsync(cancellationToken).ConfigureAwait(false))
        {
            // The list leaves the values out.
            if (IsOurs(group) && (wanted.Fits(group.Name) || wanted.Fits(group.Id)))
                yield return Of(await cloud.Database.Configurations.GetAsync(group.Id, cancellationToken).ConfigureAwait(false));
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ConfigurationParameter>> GetParametersAsync(string? datastoreVersion,
        CancellationToken cancellationToken)
    {
        var version = datastoreVersion ?? await DefaultVersionAsync(cancellationToken).ConfigureAwait(false);
        var parameters = await cloud.Database.Datastores.ListParametersAsync(Datastore, version, cancellationToken).ConfigureAwait(false);
        return [.. parameters.OrderBy(p => p.Name, StringComparer.Ordinal)
            .Select(p => new ConfigurationParameter(p.Name, p.Type) { Min = p.Min, Max = p.Max, RestartRequired = p.RestartRequired,
                SystemOnly = p.Name == SystemKey })];
    }

    /// <inheritdoc/>
    public async Task<ConfigurationGroup> CreateAsync(string name, IReadOnlyDictionary<string, object?> values, string? datastoreVersion,
        string? description, CancellationToken cancellationToken)
    {
        if (!values.ContainsKey(NameKey))
            throw new DbaasException(ErrorKind.InvalidInput, ErrorIds.InvalidConfigurationValue,
                $"Configuration group '{name}' needs '{NameKey}'.", $"Add {NameKey} with the cluster's name.")
            { Target = name };
        var checkedValues = Check(values, await GetParametersAsync(datastoreVersion, cancellationToken).ConfigureAwait(false));
        return Of(await cloud.Database.Configurations.CreateAsync(name, description,
            new DatastoreReference(Datastore) { Version = datastoreVersion }, checkedValues, cancellationToken).ConfigureAwait(false));
    }

    /// <inheritdoc/>
    public async Task<ConfigurationGroup> SetAsync(string group, IReadOnlyDictionary<string, object?> values, bool replace,
        CancellationToken cancellationToken)
    {
        var found = await FindAsync(group, cancellationToken).ConfigureAwait(false);
        if (replace && !values.ContainsKey(NameKey))
            throw new DbaasException(ErrorKind.InvalidInput, ErrorIds.InvalidConfigurationValue,
                $"Configuration group '{found.Name}' needs '{NameKey}'.",
                $"Add {NameKey} with the cluster's name.")
            { Target = found.Name };
        var checkedValues = Check(values, await GetParametersAsync(found.DatastoreVersion, cancellationToken).ConfigureAwait(false));
        if (replace)
            await cloud.Database.Configurations.ReplaceAsync(found.Id, checkedValues, null, null, cancellationToken).ConfigureAwait(false);
        else await cloud.Database.Configurations.ChangeAsync(found.Id, checkedValues, cancellationToken).ConfigureAwait(false);
        return Of(await cloud.Database.Configurations.GetAsync(found.Id, cancellationToken).ConfigureAwait(false));
    }

    /// <inheritdoc/>
    public async Task RemoveAsync(string group, CancellationToken cancellationToken)
    {
        var found = await FindAsync(group, cancellationToken).ConfigureAwait(false);
        try
        {
            await cloud.Database.Configurations.DeleteAsync(found.Id, cancellationToken).ConfigureAwait(false);
        }
        catch (DbaasException e) when (e.Kind == ErrorKind.Conflict)
        {
            var users = await cloud.Database.Configurations.ListInstancesAsync(found.Id, cancellationToken).Select(i => i.Name)
                .ToListAsync(cancellationToken).ConfigureAwait(false);
            throw new DbaasException(ErrorKind.Conflict, ErrorIds.ConfigurationGroupInUse,
                $"Configuration group '{found.Name}' ({found.Id}) was not removed: {string.Join(", ", users)} "
                    + $"{(users.Count == 1 ? "has" : "have")} it.",
                "Remove these nodes, or take the group off them with Unregister-K2hdkcNode, or off a cluster of Trove's own with "
                    + "Set-K2hdkcCluster -NoConfigurationGroup.", e)
            { Service = "trove", Target = found.Name };
        }
    }

    /// <summary>The one group that is meant.</summary>
    public async Task<ConfigurationGroup> FindAsync(string group, CancellationToken cancellationToken)
    {
        var found = await GetAsync(group, cancellationToken).Where(g => g.Id == group || g.Name == group)
            .ToListAsync(cancellationToken).ConfigureAwait(false);
        return found switch
        {
            [var only] => only,
            [] => throw new DbaasException(ErrorKind.NotFound, ErrorIds.ConfigurationGroupNotFound,
                $"There is no configuration group '{group}' for the datastore {Datastore}.",
                "Get-K2hdkcConfigurationGroup lists the groups.")
            { Target = group },
            _ => throw new DbaasException(ErrorKind.InvalidInput, ErrorIds.ReferenceAmbiguous,
                $"{found.Count} configuration groups are named '{group}': {string.Join(", ", found.Select(f => f.Id))}.",
                "Give the id.")
            { Target = group },
        };
    }

    /// <summary>
    /// Checks values by what Trove lists, and gives each the type that it has there: a number may come as text, and a name as a number.
    /// </summary>
    private static Dictionary<string, JsonElement> Check(IReadOnlyDictionary<string, object?> values,
        IReadOnlyList<ConfigurationParameter> parameters) =>
        values.ToDictionary(v => v.Key, v => Check(v.Key, v.Value, parameters));

    private static JsonElement Check(string name, object? value, IReadOnlyList<ConfigurationParameter> parameters)
    {
        DbaasException Invalid(string why) =>
            new(ErrorKind.InvalidInput, ErrorIds.InvalidConfigurationValue, $"'{name}' cannot be set: {why}.",
                $"The settings are: {string.Join(", ", parameters.Where(p => !p.SystemOnly).Select(p => p.Name))}.")
            { Target = name };
        if (name == SystemKey) throw Invalid("Trove sets it itself");
        if (parameters.FirstOrDefault(p => p.Name == name) is not { } parameter) throw Invalid("the datastore knows no such setting");
        switch (parameter.Type)
        {
            case "integer":
                if (Number(value) is not { } number) throw Invalid($"'{value}' is not a whole number");
                if (number < parameter.Min || number > parameter.Max)
                    throw Invalid($"{number} is not from {parameter.Min} to {parameter.Max}");
                return JsonSerializer.SerializeToElement(number);
            case "boolean":
                if (value is not bool && !bool.TryParse(value as string, out _)) throw Invalid($"'{value}' is neither true nor false");
                return JsonSerializer.SerializeToElement(value as bool? ?? bool.Parse((string)value!));
            default:
                if (value is null) throw Invalid("it has no value");
                // Read as a boolean from a file or command line, it is the word again.
                return JsonSerializer.SerializeToElement(
                    value is bool flag ? (flag ? "true" : "false") : Convert.ToString(value, CultureInfo.InvariantCulture));
        }
    }

    public static ConfigurationGroup Of(DatabaseConfiguration group) => new()
    {
        Id = group.Id,
        Name = group.Name,
        Description = group.Description,
        Datastore = group.DatastoreName,
        DatastoreVersion = group.DatastoreVersionName,
        InstanceCount = group.InstanceCount,
        Created = group.Created,
        Values = (group.Values ?? new Dictionary<string, JsonElement>()).ToDictionary(v => v.Key, v => JsonValue.Plain(v.Value)),
    };

    public static bool IsOurs(DatabaseConfiguration group) => group.DatastoreName is null or Datastore;

    private static long? Number(object? value) => value switch
    {
        string text => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var parsed) ? parsed : null,
        byte or sbyte or short or ushort or int or uint or long => Convert.ToInt64(value, CultureInfo.InvariantCulture),
        _ => null,
    };

    private async Task<string> DefaultVersionAsync(CancellationToken cancellationToken)
    {
        var store = (await cloud.Database.Datastores.ListAsync(cancellationToken).ConfigureAwait(false))
            .FirstOrDefault(d => d.Name == Datastore)
            ?? throw new DbaasException(ErrorKind.NotFound, "DatastoreNotFound", $"This cloud's Trove has no datastore '{Datastore}'.",
                "Ask the cloud's administrator for it, or choose another -Backend.")
            { Service = "trove" };
        return store.DefaultVersion ?? (store.Versions is [.., var last] ? last.Id : null)
            ?? throw new DbaasException(ErrorKind.NotFound, "DatastoreVersionNotFound", $"Trove's datastore '{Datastore}' has no version.",
                "Ask the cloud's administrator for one.")
            { Service = "trove" };
    }
}
