using System.Collections;
using System.Management.Automation;
using K2hdkcDbaas.Core;
using K2hdkcDbaas.Core.Backends.Trove;
using K2hdkcDbaas.Errors;

namespace K2hdkcDbaas.Commands;

/// <summary>Brings a group's settings together from where users write them.</summary>
internal static class ConfigurationSettings
{
    /// <summary>Merges: a file's settings first, then a hashtable's, then single ones; what comes later wins.</summary>
    /// <param name="path">A YAML file, by its full path.</param>
    /// <param name="values">A hashtable.</param>
    /// <param name="settings">Texts such as <c>name=value</c>.</param>
    /// <exception cref="DbaasException"><c>InvalidConfigurationValue</c> or <c>SettingsUnreadable</c>.</exception>
    public static IReadOnlyDictionary<string, object?> Merge(string? path, IDictionary? values, IEnumerable<string> settings)
    {
        var merged = new Dictionary<string, object?>(StringComparer.Ordinal);
        if (path is not null)
        {
            foreach (var (name, value) in ConfigurationYaml.Read(Read(path))) merged[name] = value;
        }

        foreach (DictionaryEntry entry in values ?? new Hashtable())
            merged[LanguagePrimitives.ConvertTo<string>(entry.Key)] = Plain(entry.Value);
        foreach (var setting in settings)
        {
            var (name, value) = setting.IndexOf('=', StringComparison.Ordinal) is > 0 and var at
                ? (setting[..at].Trim(), setting[(at + 1)..])
                : throw Invalid(setting);
            merged[name] = bool.TryParse(value, out var flag) ? flag : value;
        }

        return merged;
    }

    private static object? Plain(object? value) => value is PSObject wrapped ? wrapped.BaseObject : value;

    private static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DbaasException(ErrorKind.InvalidInput, ErrorIds.SettingsUnreadable, $"The file '{path}' cannot be read: {e.Message}",
                "Check its name and permissions.", e)
            { Target = path };
        }
    }

    private static DbaasException Invalid(string setting) =>
        new(ErrorKind.InvalidInput, ErrorIds.InvalidConfigurationValue, $"'{setting}' is not a setting.",
            "Write name=value; Get-K2hdkcConfigurationParameter lists the names.")
        { Target = setting };
}
