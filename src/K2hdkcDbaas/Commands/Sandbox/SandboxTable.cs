using System.Diagnostics.CodeAnalysis;
using K2hdkcDbaas.Model;

namespace K2hdkcDbaas.Commands;

/// <summary>The sandboxes that this process has started: processes belong to the process, not to one of its runspaces.</summary>
internal static class SandboxTable
{
    private static readonly Lock Gate = new();
    private static readonly List<K2hdkcSandbox> Sandboxes = [];

    /// <summary>Those that still run.</summary>
    [SuppressMessage("Performance", "CA1819", Justification = "A copy.")]
    public static K2hdkcSandbox[] Running
    {
        get
        {
            lock (Gate)
            {
                Sandboxes.RemoveAll(s => !s.IsRunning);
                return [.. Sandboxes];
            }
        }
    }

    public static void Add(K2hdkcSandbox sandbox)
    {
        lock (Gate) Sandboxes.Add(sandbox);
    }
}
