using K2hdkcDbaas.Errors;

namespace K2hdkcDbaas.Binding;

/// <summary>Files of text that users name.</summary>
internal static class TextFile
{
    /// <summary>Reads a file.</summary>
    /// <exception cref="DbaasException">FileUnreadable, with the reason.</exception>
    public static async Task<string> ReadAsync(string file, CancellationToken cancellationToken)
    {
        try
        {
            return await File.ReadAllTextAsync(file, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new DbaasException(ErrorKind.InvalidInput, "FileUnreadable", $"'{file}' cannot be read: {e.Message}",
                "Check the path and its permissions.", e)
            { Target = file };
        }
    }

    /// <summary>Writes a file.</summary>
    /// <exception cref="DbaasException">FileUnwritable, with the reason.</exception>
    public static async Task WriteAsync(string file, string text, CancellationToken cancellationToken)
    {
        try
        {
            await File.WriteAllTextAsync(file, text, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new DbaasException(ErrorKind.InvalidInput, "FileUnwritable", $"'{file}' cannot be written: {e.Message}",
                "Check the path and its permissions.", e)
            { Target = file };
        }
    }
}
