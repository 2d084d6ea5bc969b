using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Kubernetes;

namespace K2hdkcDbaas.Core.Backends.Kubernetes;

/// <summary>The folder of <c>k2hr3 database-k8s</c> for a namespace, with a folder in it for each cluster.</summary>
/// <param name="place">The tool's own folder.</param>
/// <param name="space">The namespace; asked for when it is needed, since a kubeconfig without it is an error of its own.</param>
internal sealed class CommandLineFolder(string place, Func<string> space)
{
    /// <summary>What the names of all its settings begin with.</summary>
    public const string Prefix = "K2HR3CLI_DBAAS_K8S_";

    /// <summary>The name of the authority's certificate, here and in each cluster's folder.</summary>
    public const string AuthorityName = "ca.crt";

    /// <summary>The namespace's folder.</summary>
    public string Root => Path.Combine(place, $"DBAAS-{space()}.{KubernetesNames.Domain}");

    /// <summary>The authority's certificate.</summary>
    public string Authority => Path.Combine(Root, AuthorityName);

    /// <summary>The authority's key.</summary>
    public string AuthorityKey => Path.Combine(Root, "private", "ca.key");

    /// <summary>The tool's own folder on this machine: <c>K2HR3CLI_DBAAS_K8S_CONFIG</c>, or one in the user's home.</summary>
    public static string DefaultPlace(BackendContext context) => context.Variable(Prefix + "CONFIG") is { Length: > 0 } set
        ? set
        : Path.Combine(context.HomeFolder, ".antpickax", "dbaas-k8s");

    /// <summary>A cluster's folder.</summary>
    public string Of(string cluster) => Path.Combine(Root, "K2HDKC-" + cluster);

    /// <summary>A cluster's settings, without which the tool does not see it.</summary>
    public string SettingsOf(string cluster) => Path.Combine(Of(cluster), "k2hdkc.config");

    /// <summary>The file of a role token.</summary>
    public string TokenOf(string cluster, NodeRole role) =>
        Path.Combine(Of(cluster), "dbaas-k2hdkc-role-token-" + Clusters.ClusterNames.Word(role));

    /// <summary>
    /// Whether the cluster's folder is that of the cluster with these role tokens: a namespace elsewhere may bear the same name.
    /// </summary>
    public bool IsOf(string cluster, IReadOnlyDictionary<string, byte[]>? tokens)
    {
        if (tokens is null || !File.Exists(SettingsOf(cluster))) return false;
        foreach (var role in Enum.GetValues<NodeRole>())
        {
            var file = TokenOf(cluster, role);
            if (!tokens.TryGetValue("role-token-" + Clusters.ClusterNames.Word(role), out var token) || !File.Exists(file)
                || File.ReadAllText(file).Trim() != Encoding.ASCII.GetString(token).Trim()) return false;
        }

        return true;
    }

    /// <summary>Writes how many nodes of a kind a cluster has: the tool goes by that and does not look.</summary>
    public void PutCount(string cluster, bool isServer, int count)
    {
        var name = Prefix + (isServer ? "CLUSTER_SVR_CNT" : "CLUSTER_SLV_CNT");
        var line = string.Create(CultureInfo.InvariantCulture, $"{name}={count}");
        var text = File.ReadAllText(SettingsOf(cluster));
        var changed = Setting(name).IsMatch(text) ? Setting(name).Replace(text, line) : text.TrimEnd('\n') + $"\n{line}\n";
        if (changed != text) File.WriteAllText(SettingsOf(cluster), changed);
    }

    /// <summary>Writes a file that others may read, or none but the owner.</summary>
    public static void Write(string path, byte[] content, bool isSecret)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        // The tool leaves keys that not even their owner may write.
        File.Delete(path);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite
                | (isSecret ? UnixFileMode.None : UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        using var stream = new FileStream(path, options);
        stream.Write(content);
    }

    /// <summary>The error of a folder that cannot be written.</summary>
    public static DbaasException Unwritten(string path, Exception cause) => new(ErrorKind.InvalidInput, ErrorIds.FileNotWritten,
        $"The folder '{path}' cannot be written: {cause.Message}", "Check its permissions, or choose another with -Path.", cause)
    { Target = path };

    private static Regex Setting(string name) => new($"^{name}=.*$", RegexOptions.Multiline | RegexOptions.CultureInvariant);
}
