using K2hdkcDbaas.Errors;
using YamlDotNet.Core;

namespace K2hdkcDbaas.OpenStack.Configuration;

/// <summary>Finds and reads clouds.yaml, secure.yaml and clouds-public.yaml, as openstacksdk does.</summary>
internal sealed class CloudFiles(CloudEnvironment environment)
{
    /// <summary>The clouds that a file and its companions describe, secrets merged in.</summary>
    public CloudFile Load(string? file)
    {
        var path = file is not null ? environment.Whole(file) : Find("clouds", "OS_CLIENT_CONFIG_FILE");
        if (path is null || !File.Exists(path))
            throw new DbaasException(ErrorKind.NotFound, "CloudsFileNotFound",
                path is null
                    ? $"There is no clouds.yaml; looked at: {string.Join(", ", Candidates("clouds", "OS_CLIENT_CONFIG_FILE"))}."
                    : $"There is no file '{path}'.",
                "Make one, give its path, or connect with an authentication URL or OS_* variables.")
            { Target = path };

        var clouds = Section(Read(path), "clouds");
        if (Find("secure", "OS_CLIENT_SECURE_FILE", beside: path) is { } secure) clouds.MergeOver(Section(Read(secure), "clouds"));
        var profiles = Find("clouds-public", "OS_CLIENT_VENDOR_FILE", beside: path) is { } vendor
            ? Section(Read(vendor), "public-clouds")
            : new YamlMap();
        return new CloudFile(path, clouds, profiles);
    }

    private string? Find(string name, string variable, string? beside = null) =>
        Candidates(name, variable, beside).FirstOrDefault(File.Exists);

    private IEnumerable<string> Candidates(string name, string variable, string? beside = null)
    {
        if (environment.Get(variable) is { } given) yield return environment.Whole(given);
        var config = environment.Get("XDG_CONFIG_HOME") is { } xdg ? xdg : Path.Combine(environment.HomeFolder, ".config");
        string?[] folders =
            [beside is null ? null : Path.GetDirectoryName(beside), environment.CurrentFolder, Path.Combine(config, "openstack"),
                environment.SystemFolder];
        foreach (var folder in folders.OfType<string>())
        {
            foreach (var extension in (string[])[".yaml", ".yml", ".json"]) yield return Path.Combine(folder, name + extension);
        }
    }

    private static YamlMap Section(YamlMap file, string name) => file.Map(name) ?? new YamlMap();

    private static YamlMap Read(string path)
    {
        try
        {
            using var reader = new StreamReader(path);
            return new YamlFile(reader).Read() ?? throw Unreadable(path, "it holds no mapping", null);
        }
        catch (YamlException e)
        {
            // The parser's words may quote a line with a password in it; the place is enough.
            throw Unreadable(path, $"its YAML is wrong at line {e.Start.Line}, column {e.Start.Column}", null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(path, e.Message, e);
        }
    }

    private static DbaasException Unreadable(string path, string why, Exception? cause) =>
        new(ErrorKind.InvalidInput, "CloudsFileUnreadable", $"'{path}' cannot be read: {why}.", "Correct the file, or give another.",
            cause)
        { Target = path };
}

/// <summary>The clouds of one file.</summary>
/// <param name="Path">The file.</param>
/// <param name="Clouds">Its clouds.</param>
/// <param name="Profiles">The vendors' profiles.</param>
internal sealed record CloudFile(string Path, YamlMap Clouds, YamlMap Profiles);

/// <summary>A mapping of YAML: texts, lists and further mappings by name.</summary>
internal sealed class YamlMap : Dictionary<string, object?>
{
    public YamlMap() : base(StringComparer.Ordinal)
    {
    }

    public YamlMap? Map(string name) => TryGetValue(name, out var value) ? value as YamlMap : null;

    public string? Text(params IEnumerable<string> names)
    {
        foreach (var name in names)
        {
            if (TryGetValue(name, out var value) && value is string { Length: > 0 } text) return text;
        }
        return null;
    }

    /// <summary>The first of a list, of a text with commas, or the text itself; as openstacksdk takes regions and interfaces.</summary>
    public string? First(params IEnumerable<string> names) => names.SelectMany(n => All(n)).FirstOrDefault();

    /// <summary>All of a list (of a mapping in it the <c>name</c>), or of a text with commas, under each of the names.</summary>
    public IEnumerable<string> All(params IEnumerable<string> names) => names
        .SelectMany(n => TryGetValue(n, out var value) && value is List<object?> list
            ? list.Select(i => i as string ?? (i as YamlMap)?.Text("name"))
            : [Text(n)])
        .OfType<string>().SelectMany(t => t.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));

    /// <summary>The same with underscores for hyphens in all names, as openstacksdk reads them.</summary>
    public YamlMap Normal()
    {
        var normal = new YamlMap();
        foreach (var (name, value) in this) normal[name.Replace('-', '_')] = value is YamlMap map ? map.Normal() : value;
        return normal;
    }

    public bool? Flag(string name) => Text(name)?.ToUpperInvariant() switch
    {
        "TRUE" or "YES" or "ON" or "1" => true,
        "FALSE" or "NO" or "OFF" or "0" => false,
        _ => null,
    };

    /// <summary>Lays another mapping over this one, deep.</summary>
    public YamlMap MergeOver(YamlMap over)
    {
        foreach (var (name, value) in over)
        {
            if (value is YamlMap map && Map(name) is { } mine) mine.MergeOver(map);
            else this[name] = value;
        }
        return this;
    }
}
