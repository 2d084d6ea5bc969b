using System.Reflection;
using System.Runtime.Loader;

namespace K2hdkcDbaas.Loader;

/// <summary>
/// Holds all of the module's assemblies but those that PowerShell itself loads, with the third-party ones of bin/deps. So a copy of
/// YamlDotNet or Polly that another module has brought into the process is never ours, nor ours theirs.
/// </summary>
internal sealed class ModuleLoadContext : AssemblyLoadContext
{
    private const string OurPrefix = "K2hdkcDbaas.";

    private static readonly Lock Gate = new();
    private static readonly string Folder = Path.GetDirectoryName(typeof(ModuleLoadContext).Assembly.Location)!;

    /// <summary>Assemblies stay for the life of the process, so the context does, too: a second import finds the first one's.</summary>
    private static readonly ModuleLoadContext Instance = new();

    private static int _users;

    private ModuleLoadContext()
        : base("K2hdkcDbaas")
    {
    }

    /// <summary>Begins to answer for our assemblies; once more for each runspace that imports the module.</summary>
    public static void Enter()
    {
        lock (Gate)
        {
            if (_users++ == 0) Default.Resolving += ResolveOurs;
        }
    }

    /// <summary>Ends what <see cref="Enter"/> began, with the last runspace that removes the module.</summary>
    public static void Leave()
    {
        lock (Gate)
        {
            if (_users > 0 && --_users == 0) Default.Resolving -= ResolveOurs;
        }
    }

    /// <inheritdoc/>
    protected override Assembly? Load(AssemblyName assemblyName)
    {
        // Null sends the framework's own and PowerShell's to the default context.
        var path = Locate(assemblyName, Folder) ?? Locate(assemblyName, Path.Combine(Folder, "deps"));
        return path is null ? null : LoadFromAssemblyPath(path);
    }

    /// <summary>
    /// The default context asks for what the cmdlets need. Third-party names get no answer: only our context may have those.
    /// </summary>
    private static Assembly? ResolveOurs(AssemblyLoadContext asking, AssemblyName name) =>
        name.Name?.StartsWith(OurPrefix, StringComparison.Ordinal) == true && Locate(name, Folder) is not null
            ? Instance.LoadFromAssemblyName(name)
            : null;

    private static string? Locate(AssemblyName name, string folder)
    {
        var path = Path.Combine(folder, name.Name + ".dll");
        return File.Exists(path) ? path : null;
    }
}
