using System.Diagnostics;
using K2hdkcDbaas.Commands;

namespace K2hdkcDbaas.Model;

/// <summary>
/// A running sandbox: a whole cloud on this machine, in a process of its own. Its properties bind to Connect-K2hdkcDbaas.
/// </summary>
public sealed class K2hdkcSandbox
{
    internal K2hdkcSandbox(Process process, SandboxReadyLine ready)
    {
        Process = process;
        ProcessId = ready.Pid;
        CloudsFile = ready.CloudsFile;
        Kubeconfig = ready.KubeconfigFile;
        AuthUrl = new Uri(ready.AuthUrl);
        K2hr3Uri = ready.K2hr3Url is null ? null : new Uri(ready.K2hr3Url);
        AdminUri = new Uri(ready.AdminUrl);
        Endpoints = ready.Endpoints;
    }

    /// <summary>The cloud's name in its clouds.yaml.</summary>
    public string Cloud { get; } = "sandbox";

    /// <summary>The clouds.yaml that it wrote.</summary>
    public string CloudsFile { get; }

    /// <summary>The kubeconfig that it wrote.</summary>
    public string Kubeconfig { get; }

    /// <summary>Keystone's URL.</summary>
    public Uri AuthUrl { get; }

    /// <summary>K2HR3's REST API.</summary>
    public Uri? K2hr3Uri { get; }

    /// <summary>The sandbox's own controls: faults on demand, the list of received calls, the clock.</summary>
    public Uri AdminUri { get; }

    /// <summary>The base URL of each service by its name.</summary>
    public IReadOnlyDictionary<string, string> Endpoints { get; }

    /// <summary>Its process id.</summary>
    public int ProcessId { get; }

    /// <summary>When it was ready, in UTC.</summary>
    public DateTimeOffset Started { get; } = TimeProvider.System.GetUtcNow();

    /// <summary>Whether its process still runs.</summary>
    public bool IsRunning => !Process.HasExited;

    internal Process Process { get; }

    /// <inheritdoc/>
    public override string ToString() => $"sandbox {ProcessId}";
}
