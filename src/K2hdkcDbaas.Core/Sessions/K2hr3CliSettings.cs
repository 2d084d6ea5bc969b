using K2hdkcDbaas.Errors;

namespace K2hdkcDbaas.Core.Sessions;

/// <summary>
/// What the K2HR3 CLI and its database plugin know: variables of the process, then the file of <c>K2HR3CLI_CUSTOM_CONFIG</c> or, without
/// it, <c>~/.antpickax/k2hr3.config</c> over <c>/etc/antpickax/k2hr3.config</c>. Names as that CLI writes them. Holds secrets.
/// </summary>
internal sealed class K2hr3CliSettings
{
    private readonly IReadOnlyDictionary<string, string> _file;
    private readonly Func<string, string?> _environment;

    private K2hr3CliSettings(IReadOnlyDictionary<string, string> file, Func<string, string?> environment, string? source)
    {
        _file = file;
        _environment = environment;
        Source = source;
    }

    /// <summary>The file that was read; null when there is none.</summary>
    public string? Source { get; }

    /// <summary>A setting; null when it is nowhere, or empty.</summary>
    /// <param name="name">Its name, such as <c>K2HR3CLI_API_URI</c>.</param>
    public string? this[string name] => NotEmpty(_environment(name)) ?? NotEmpty(_file.GetValueOrDefault(name));

    /// <summary>Reads the settings.</summary>
    /// <param name="file">A file to read instead of those looked for; it must exist.</param>
    /// <param name="environment">Looks a variable of the process up.</param>
    /// <param name="home">The user's home folder.</param>
    /// <param name="etc">The machine's settings folder.</param>
    /// <param name="verbose">Told of a file that nobody named and that cannot be read: it is passed over.</param>
    /// <exception cref="DbaasException"><c>SettingsUnreadable</c>: a file that was named cannot be read.</exception>
    public static K2hr3CliSettings Load(string? file, Func<string, string?> environment, string home, string etc, Action<string> verbose)
    {
        var named = file ?? NotEmpty(environment("K2HR3CLI_CUSTOM_CONFIG"));
        var files = named is not null
            ? [named]
            : new[] { Path.Combine(etc, "antpickax", "k2hr3.config"), Path.Combine(home, ".antpickax", "k2hr3.config") };
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        string? source = null;
        foreach (var path in files)
        {
            if (named is null && !File.Exists(path)) continue;
            try
            {
                foreach (var (name, value) in Read(path, environment)) values[name] = value;
                source = path;
            }
            catch (DbaasException e) when (named is null)
            {
                verbose(e.Message);
            }
        }
        return new K2hr3CliSettings(values, environment, source);
    }

    private static IReadOnlyDictionary<string, string> Read(string path, Func<string, string?> environment)
    {
        try
        {
            return ShellSettings.Parse(File.ReadAllText(path), environment);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new DbaasException(ErrorKind.InvalidInput, ErrorIds.SettingsUnreadable,
                $"The K2HR3 settings file '{path}' cannot be read: {e.Message}",
                "Check the path and its permissions, or give the K2HR3 URI yourself.", e)
            { Target = path };
        }
    }

    private static string? NotEmpty(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
