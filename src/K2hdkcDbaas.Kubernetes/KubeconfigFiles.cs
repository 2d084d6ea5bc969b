using k8s;
using k8s.KubeConfigModels;

namespace K2hdkcDbaas.Kubernetes;

/// <summary>Reads kubeconfig files and puts them together as kubectl does: of two things of one name the first file's counts.</summary>
internal static class KubeconfigFiles
{
    public static K8SConfiguration Read(IReadOnlyList<string> files)
    {
        var read = files.Select(Read).ToList();
        if (read.Count == 1) return read[0];
        return new K8SConfiguration
        {
            ApiVersion = read[0].ApiVersion,
            Kind = read[0].Kind,
            CurrentContext = read.Select(r => r.CurrentContext).FirstOrDefault(c => !string.IsNullOrEmpty(c)),
            Contexts = [.. read.SelectMany(r => r.Contexts ?? []).DistinctBy(c => c.Name)],
            Clusters = [.. read.SelectMany(r => r.Clusters ?? []).DistinctBy(c => c.Name)],
            Users = [.. read.SelectMany(r => r.Users ?? []).DistinctBy(u => u.Name)],
            FileName = read[0].FileName,
        };
    }

    private static K8SConfiguration Read(string file)
    {
        var path = Path.GetFullPath(file);
        var folder = Path.GetDirectoryName(path)!;
        var read = KubernetesClientConfiguration.LoadKubeConfig(new FileInfo(path));
        // Relative paths are meant from the file's own folder, which is lost when files are put together.
        string? Whole(string? name) => string.IsNullOrEmpty(name) ? name : Path.Combine(folder, name);
        foreach (var cluster in read.Clusters ?? [])
        {
            if (cluster.ClusterEndpoint is { } endpoint) endpoint.CertificateAuthority = Whole(endpoint.CertificateAuthority);
        }

        foreach (var user in read.Users ?? [])
        {
            if (user.UserCredentials is not { } credentials) continue;
            credentials.ClientCertificate = Whole(credentials.ClientCertificate);
            credentials.ClientKey = Whole(credentials.ClientKey);
        }

        return read;
    }
}
