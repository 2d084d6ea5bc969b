using System.Management.Automation;

namespace K2hdkcDbaas.Provider;

/// <summary>
/// The drives of this process by the mark that begins each of their paths. Two scopes may each have a drive of one name; a path comes to
/// the provider without its scope, so it is the mark that says which drive is meant. A drive goes with its scope: the table does not hold
/// it.
/// </summary>
/// <typeparam name="TDrive">The kind of drive.</typeparam>
internal static class DriveTable<TDrive>
    where TDrive : PSDriveInfo
{
    private static readonly Lock Gate = new();
    private static readonly Dictionary<string, WeakReference<TDrive>> Drives = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>A mark that no living drive has: the drive's name, with a number behind another tilde where that is taken.</summary>
    /// <param name="name">The drive's name, which holds no tilde.</param>
    public static string NewMark(string name)
    {
        lock (Gate)
        {
            var mark = name;
            for (var i = 2; Drives.TryGetValue(mark, out var drive) && drive.TryGetTarget(out _); i++)
                mark = $"{name}{KeyPath.DriveMark}{i}";
            return mark;
        }
    }

    /// <summary>Adds a drive.</summary>
    public static void Add(string mark, TDrive drive)
    {
        lock (Gate) Drives[mark] = new WeakReference<TDrive>(drive);
    }

    /// <summary>Takes a drive out.</summary>
    public static void Remove(TDrive drive)
    {
        lock (Gate)
        {
            foreach (var mark in Drives.Where(d => !d.Value.TryGetTarget(out var held) || ReferenceEquals(held, drive)).Select(d => d.Key)
                .ToList()) Drives.Remove(mark);
        }
    }

    /// <summary>The drive of a mark; null when it is gone.</summary>
    public static TDrive? Find(string mark)
    {
        lock (Gate) return Drives.TryGetValue(mark, out var drive) && drive.TryGetTarget(out var found) ? found : null;
    }
}
