using System.Text.RegularExpressions;
using K2hdkcDbaas.Errors;

namespace K2hdkcDbaas.Kubernetes;

/// <summary>Turns what helm says when it fails into this product's errors.</summary>
internal static partial class HelmFaults
{
    private const string Service = "helm";
    private const int MaxText = 2000;

    // The first that fits. Texts of Helm 3.17, 4.1 and 4.2: pkg/action, pkg/chart, pkg/kube.
    private static readonly (string[] Signs, ErrorKind Kind, string Id, string Next)[] Known =
    [
        (["don't meet the specifications of the schema"], ErrorKind.InvalidInput, HelmErrorIds.HelmValuesRefused,
            "Correct the values that the message names: -HelmValues, -HelmValuesFile or the cmdlet's own parameters give them."),
        (["chart requires kubeVersion"], ErrorKind.NotSupported, HelmErrorIds.HelmChartUnusable,
            "Choose a version of the chart for this Kubernetes with -ChartVersion."),
        (["cannot re-use a name that is still in use", "cannot reuse a name that is still in use"], ErrorKind.AlreadyExists,
            "ClusterExists",
            "Choose another name, or remove the release with Remove-K2hdkcCluster."),
        (["invalid ownership metadata"], ErrorKind.AlreadyExists, "NameTaken",
            "Something else has made objects of these names: choose another name for the cluster."),
        (["another operation (install/upgrade/rollback) is in progress"], ErrorKind.Conflict, HelmErrorIds.HelmReleaseBusy,
            "Wait for the other run; if that was killed, Restore-K2hdkcHelmRevision goes back to the last revision that was deployed."),
        (["release: not found", "has no revision", "release has no ", "has no deployed releases"], ErrorKind.NotFound,
            HelmErrorIds.HelmReleaseNotFound,
            "Get-K2hdkcHelmRevision lists what there is."),
        (["is forbidden"], ErrorKind.Forbidden, KubernetesErrorIds.KubernetesForbidden,
            "Ask the cluster's administrator for a role that allows what the message names."),
        (["Unauthorized", "must be logged in"], ErrorKind.Unauthenticated, KubernetesErrorIds.KubernetesUnauthenticated,
            "Check the user of the kubeconfig's context: its token, certificate or plugin."),
        (["Kubernetes cluster unreachable", "kubernetes cluster unreachable"], ErrorKind.Unreachable,
            KubernetesErrorIds.KubernetesUnreachable,
            "Check the server's address in the kubeconfig, and the network."),
        (["timed out waiting", "context deadline exceeded"], ErrorKind.Timeout, HelmErrorIds.HelmHookFailed,
            "See 'kubectl get jobs,pods' for what hangs, and run the command again with a longer -Timeout."),
        (["hooks failed", "BackoffLimitExceeded", "not ready. status: Failed"], ErrorKind.ServiceFailure, HelmErrorIds.HelmHookFailed,
            "See 'kubectl get jobs,pods' and the log of the Job's pod: its K2HR3 token, address and authority must be good."),
    ];

    /// <summary>The error.</summary>
    /// <param name="said">What helm wrote to its standard error, masked.</param>
    /// <param name="code">Its exit code.</param>
    /// <param name="arguments">Its arguments.</param>
    public static DbaasException Of(string said, int code, IReadOnlyList<string> arguments)
    {
        var text = Warning().Replace(said, "").Trim();
        // Helm 4 names values as JSON pointers, Helm 3 and we as they are given.
        text = Pointer().Replace(text, p => p.Groups[1].Length == 0 ? "(root):" : p.Groups[1].Value[1..].Replace('/', '.') + ":");
        if (text.StartsWith("Error: ", StringComparison.Ordinal)) text = text[7..];
        if (text.Length > MaxText) text = "..." + text[^MaxText..];
        if (text.Length == 0) text = $"it ended with code {code} and said nothing";
        if (arguments[0] == "pull") return Pull(text.TrimEnd('.'), arguments);
        var message = $"'helm {arguments[0]}' failed: {text.TrimEnd('.')}.";
        foreach (var (signs, kind, id, next) in Known)
        {
            if (Array.Exists(signs, s => text.Contains(s, StringComparison.Ordinal)))
                return new DbaasException(kind, id, message, next) { Service = Service, Target = arguments.ElementAtOrDefault(1) };
        }

        return arguments[0] == "template"
            ? new DbaasException(ErrorKind.InvalidInput, HelmErrorIds.HelmChartUnusable, message,
                "Check -Chart and the values; 'helm template' tries them.")
            { Service = Service, Target = arguments.ElementAtOrDefault(2) }
            : new DbaasException(ErrorKind.ServiceFailure, HelmErrorIds.HelmFailed, message,
                "Get-K2hdkcHelmRevision shows what became of the release.")
            { Service = Service, Target = arguments.ElementAtOrDefault(1) };
    }

    // A chart does not come from Kubernetes: what is forbidden or not reached here is a repository or a registry.
    private static DbaasException Pull(string text, IReadOnlyList<string> arguments)
    {
        string? Option(string name) => arguments.SkipWhile(a => a != name).ElementAtOrDefault(1);
        var chart = arguments.ElementAtOrDefault(1);
        var version = Option("--version") is { } number ? $", version {number}," : "";
        var place = Option("--repo") is { } repository ? $" from {repository}" : "";
        bool Says(params string[] signs) => Array.Exists(signs, s => text.Contains(s, StringComparison.OrdinalIgnoreCase));
        var (kind, next) =
            Says("server gave HTTP response to HTTPS client")
                ? (ErrorKind.InvalidInput,
                    $"The registry speaks plain HTTP: fetch the chart with 'helm pull {chart} --plain-http', and give "
                        + "the archive with -Chart.")
            : Says("unauthorized", "forbidden", "denied")
                ? (ErrorKind.Unauthenticated,
                    "Log in first: 'helm registry login HOST' for oci://..., 'helm repo add NAME URL --username USER "
                        + "--password-stdin' and -Chart NAME/CHART for a repository.")
            : Says("connection refused", "no such host", "timeout", "deadline exceeded")
                ? (ErrorKind.Unreachable,
                    "Check the address, the network and HTTPS_PROXY; a chart fetched elsewhere is given as an archive with "
                        + "-Chart.")
            : (ErrorKind.InvalidInput,
                "Check -Chart (a folder, an archive, REPOSITORY/NAME, oci://...), -ChartRepository and -ChartVersion; "
                    + "'helm repo update' and 'helm search repo --versions' show what there is.");
        return new DbaasException(kind, HelmErrorIds.HelmChartUnusable, $"helm cannot fetch the chart '{chart}'{version}{place}: {text}.",
            next)
        { Service = Service, Target = chart };
    }

    [GeneratedRegex("(?m)(?<=^- )at '((?:/[^']*)?)':")]
    private static partial Regex Pointer();

    // Helm warns of kubeconfigs that others may read, and of charts' oddities; Helm 4 logs each error that it then ends with.
    [GeneratedRegex("(?m)^(WARNING:|level=|W[0-9]{4} |I[0-9]{4} |walk\\.go:|coalesce\\.go:|[0-9/]+ [0-9:]+ ).*$\\n?")]
    private static partial Regex Warning();
}
