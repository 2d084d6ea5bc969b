using System.Reflection;
using System.Runtime.InteropServices;
using K2hdkcDbaas.Errors;

namespace K2hdkcDbaas.Client.Native;

/// <summary>Finds libk2hdkc: the environment's word first, then the usual names. What was tried is kept for the error.</summary>
internal static class K2hdkcLibrary
{
    /// <summary>The name that the imports give; the resolver turns it into a file.</summary>
    public const string Name = "k2hdkc";

    /// <summary>The environment variable that names the library's file.</summary>
    public const string PathVariable = "K2HDKC_LIBRARY";

    private static readonly string[] UsualNames = ["libk2hdkc.so.1", "libk2hdkc.so", "libk2hdkc"];

    private static readonly Lock Gate = new();
    private static nint _library;

    // A second resolver for one assembly is an error, so it is set where it can happen once only.
    static K2hdkcLibrary() => NativeLibrary.SetDllImportResolver(typeof(K2hdkcLibrary).Assembly, Resolve);

    /// <summary>Loads the library.</summary>
    /// <exception cref="DbaasException">It is not there (<see cref="K2hdkcErrors.NativeLibraryMissing"/>); the message lists what was
    /// tried.</exception>
    public static void Load()
    {
        if (TryLoad(out var tried) == 0)
        {
            throw new DbaasException(
                ErrorKind.NotSupported, K2hdkcErrors.NativeLibraryMissing,
                $"libk2hdkc cannot be loaded. Tried: {string.Join("; ", tried)}.",
                $"Install the libk2hdkc package, or set {PathVariable} to the library's full path; the managed transport needs neither.");
        }
    }

    /// <summary>Whether the library can be loaded.</summary>
    public static bool IsPresent() => TryLoad(out _) != 0;

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path) => name == Name ? TryLoad(out _) : 0;

    /// <summary>Loads the first of some files or names that can be loaded; 0 when none can.</summary>
    internal static nint LoadFirst(IEnumerable<string> candidates, List<string> tried)
    {
        foreach (var candidate in candidates)
        {
            try
            {
                return NativeLibrary.Load(candidate);
            }
            catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
            {
                tried.Add($"{candidate}: {e.Message.Split('\n', 2)[0].Trim()}");
            }
        }

        return 0;
    }

    private static nint TryLoad(out List<string> tried)
    {
        tried = [];
        lock (Gate)
        {
            if (_library != 0) return _library;
            var chosen = Environment.GetEnvironmentVariable(PathVariable);
            // A path that was asked for and does not load is an error to show, not to pass over.
            return _library = LoadFirst(string.IsNullOrEmpty(chosen) ? UsualNames : [chosen], tried);
        }
    }
}
