using System.Runtime.InteropServices;

namespace K2hdkcDbaas.Sandbox;

/// <summary>
/// Takes this process out of the terminal that it was started from, so that Ctrl+C there, meant for somebody else, does not end it.
/// </summary>
internal static partial class OwnSession
{
    /// <summary>Makes a session and process group of its own. On Windows whoever starts the process has to ask for the group.</summary>
    public static void Enter()
    {
        // It fails for the leader of a process group, as a shell makes one for each of its jobs: that has the group already.
        if (!OperatingSystem.IsWindows()) _ = SetSession();
    }

    [LibraryImport("libc", EntryPoint = "setsid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetSession();
}
