using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using K2hdkcDbaas.Core.Flows;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Core.Registry;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Kubernetes;

namespace K2hdkcDbaas.Core.Backends.Kubernetes;

/// <summary>
/// Writes what <c>k2hr3 database-k8s</c> keeps of a cluster on a disk: with it that tool shows, scales and deletes the cluster.
/// </summary>
internal sealed class CommandLineExport(KubernetesConnection api, KubernetesBackend backend, ClusterKeys keys, ClusterRegistry registry,
    BackendContext context)
{
    /// <summary>Writes it.</summary>
    public async Task RunAsync(string cluster, string place, FlowOptions options, CancellationToken cancellationToken)
    {
        var folder = new CommandLineFolder(place, () => api.Namespace);
        var servers = backend.SetAsync(cluster, true, cancellationToken);
        var slaves = backend.SetAsync(cluster, false, cancellationToken);
        var resource = registry.ResourceAsync(cluster, cancellationToken);
        var tokens = api.GetSecretAsync(KubernetesNames.Tokens(cluster), cancellationToken);
        var scripts = api.GetConfigMapAsync(KubernetesNames.ConfigMap(cluster), cancellationToken);
        await Together.AllAsync(servers, slaves, resource, tokens, scripts).ConfigureAwait(false);
        if (resource.Result is not { } shared || tokens.Result is not { } held || scripts.Result is not { } run)
            throw new DbaasException(ErrorKind.Conflict, ErrorIds.ClusterIncomplete,
                $"Cluster '{cluster}' is not whole; nothing was written.",
                "The same New-K2hdkcCluster makes what is missing.")
            { Target = cluster };
        var (authority, certificates) = await keys.OpenAsync(cluster, cancellationToken).ConfigureAwait(false);
        using (authority)
        {
            try
            {
                if (File.Exists(folder.SettingsOf(cluster)) && !options.Force)
                    throw new DbaasException(ErrorKind.AlreadyExists, ErrorIds.FolderExists,
                        $"The command line has a folder of a cluster '{cluster}': '{folder.Of(cluster)}'; nothing was written.",
                        "Choose another place with -Path, or use -Force to write over it.")
                    { Target = cluster };
                Root(folder, authority, options, await TrustOfK2hr3Async(cancellationToken).ConfigureAwait(false));
                CommandLineFolder.Write(Path.Combine(folder.Of(cluster), CommandLineFolder.AuthorityName),
                    certificates[CommandLineFolder.AuthorityName], false);
                Certificates(folder, cluster, certificates, true, servers.Result.Replicas);
                Certificates(folder, cluster, certificates, false, slaves.Result.Replicas);
                foreach (var (name, text) in run) CommandLineFolder.Write(Path.Combine(folder.Of(cluster), name), Bytes(text), false);
                foreach (var role in Enum.GetValues<NodeRole>())
                    CommandLineFolder.Write(folder.TokenOf(cluster, role), held["role-token-" + Clusters.ClusterNames.Word(role)], true);
                CommandLineFolder.Write(Path.Combine(folder.Of(cluster), "dbaas-k2hdkc.ini"), Bytes(shared.Text ?? ""), false);
                // Last: by this file the tool sees the cluster.
                CommandLineFolder.Write(folder.SettingsOf(cluster),
                    Bytes(Settings(ClusterRegistry.PortsOf(shared), servers.Result.Replicas, slaves.Result.Replicas)), false);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw CommandLineFolder.Unwritten(folder.Of(cluster), e);
            }
        }

        if (slaves.Result.Replicas == 0)
            options.Observer.Warning($"Cluster '{cluster}' has no slaves, and the command line knows no such clusters: its scale needs "
                + "--slave_count.");
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static string Settings(ClusterPorts ports, int servers, int slaves) =>
        string.Concat(new (string Name, int Value)[]
        {
            ("CLUSTER_SVR_PORT", ports.Server), ("CLUSTER_SVR_CTLPORT", ports.ServerControl), ("CLUSTER_SLV_CTLPORT", ports.SlaveControl),
            ("CLUSTER_SVR_CNT", servers), ("CLUSTER_SLV_CNT", slaves),
        }.Select(s => string.Create(CultureInfo.InvariantCulture, $"{CommandLineFolder.Prefix}{s.Name}={s.Value}\n")));

    // What the tool keeps once for all clusters of a namespace. One that is there is the tool's, and stays as it is.
    private void Root(CommandLineFolder folder, CertificateAuthority authority, FlowOptions options, string? trust)
    {
        if (File.Exists(folder.Authority))
        {
            if (!ClusterKeys.IsTrusted(File.ReadAllText(folder.Authority), authority.Pem))
                throw new DbaasException(ErrorKind.Conflict, KubernetesErrorIds.AuthorityUnusable,
                    $"'{folder.Root}' has another certificate authority than the cluster, and the command line knows one for a namespace.",
                    "Choose another place with -Path, and give it to the command line as --dbaas_k8s_config.")
                { Target = folder.Root };
        }
        else
        {
            // The first signs certificates of nodes; with all of them the tool trusts K2HR3.
            var known = trust is null || ClusterKeys.IsTrusted(authority.Pem, trust) ? "" : trust;
            CommandLineFolder.Write(folder.Authority, Bytes(authority.Pem + known), false);
        }

        void Missing(string path, string text, bool isSecret = false)
        {
            if (!File.Exists(path)) CommandLineFolder.Write(path, Bytes(text), isSecret);
        }

        Missing(folder.AuthorityKey, authority.ExportKey(), isSecret: true);
        Missing(Path.Combine(folder.Root, "openssl.cnf"), SigningRules(folder.Root));
        Missing(Path.Combine(folder.Root, "index.txt"), "");
        Missing(Path.Combine(folder.Root, "index.txt.attr"), "unique_subject = no\n");
        // Far from the numbers of another folder that signs for the same authority.
        Missing(Path.Combine(folder.Root, "serial"), "10" + Convert.ToHexString(RandomNumberGenerator.GetBytes(7)) + "\n");
        foreach (var name in (ReadOnlySpan<string>)["certs", "newcerts", "oldcerts"])
            Directory.CreateDirectory(Path.Combine(folder.Root, name));
        var settings = Path.Combine(folder.Root, "k2hr3.config");
        if (File.Exists(settings)) return;
        var uri = context.K2hr3Uri;
        if (uri?.Scheme != Uri.UriSchemeHttps)
            options.Observer.Warning("The command line speaks to K2HR3 over https alone, and this session does not: what needs K2HR3, such "
                + "as its delete, will not work.");
        string[] lines =
        [
            $"R3DKC_NAME={K2hr3SystemNames.Data}", $"R3API_NAME={K2hr3SystemNames.Api}", $"R3APP_NAME={K2hr3SystemNames.App}",
            $"R3API_EP={uri?.Host}", string.Create(CultureInfo.InvariantCulture, $"R3API_NPNUM={uri?.Port}"),
            "CERT_C=JP", "CERT_S=Tokyo", "CERT_O=AntPickax", "CERT_EXPIRE=5",
        ];
        CommandLineFolder.Write(settings, Bytes(string.Concat(lines.Select(l => $"{CommandLineFolder.Prefix}{l}\n"))), false);
    }

    private void Certificates(CommandLineFolder folder, string cluster, IReadOnlyDictionary<string, byte[]> held, bool isServer, int count)
    {
        foreach (var host in Enumerable.Range(0, count).Select(i => KubernetesNames.Host(cluster, isServer, i)))
        {
            foreach (var end in (ReadOnlySpan<string>)[".server.crt", ".server.key", ".client.crt", ".client.key"])
            {
                // One that is missing the tool makes itself.
                if (!held.TryGetValue(host + end, out var content)) continue;
                foreach (var where in (ReadOnlySpan<string>)[folder.Root, folder.Of(cluster)])
                    CommandLineFolder.Write(Path.Combine(where, "certs", $"{host}.{api.Namespace}.{KubernetesNames.Domain}{end}"), content,
                        end.EndsWith(".key", StringComparison.Ordinal));
            }
        }
    }

    // Of the address that is written down: this session's.
    private async Task<string?> TrustOfK2hr3Async(CancellationToken cancellationToken)
    {
        if (context.Http.CaFile is { } file && File.Exists(file))
            return await File.ReadAllTextAsync(file, cancellationToken).ConfigureAwait(false);
        var secret = await api.GetSecretAsync(K2hr3SystemNames.Authority, cancellationToken).ConfigureAwait(false);
        return secret?.FirstOrDefault(s => s.Key.EndsWith("_CA.crt", StringComparison.Ordinal)).Value is { } held
            ? Encoding.UTF8.GetString(held) : null;
    }

    // For 'openssl ca', which the tool calls with the extensions v3_server and v3_client; it puts a server's names in place of the mark.
    private static string SigningRules(string root) => $"""
        [ ca ]
        default_ca = CA_default

        [ CA_default ]
        dir = {root}
        certificate = $dir/{CommandLineFolder.AuthorityName}
        private_key = $dir/private/ca.key
        new_certs_dir = $dir/newcerts
        database = $dir/index.txt
        serial = $dir/serial
        unique_subject = no
        default_days = 365
        default_md = sha256
        policy = policy_any

        [ policy_any ]
        countryName = optional
        stateOrProvinceName = optional
        organizationName = optional
        commonName = supplied

        [ v3_ca ]
        basicConstraints = critical, CA:TRUE
        keyUsage = cRLSign, keyCertSign
        subjectKeyIdentifier = hash
        authorityKeyIdentifier = keyid, issuer

        [ v3_server ]
        basicConstraints = CA:FALSE
        keyUsage = digitalSignature, keyEncipherment
        extendedKeyUsage = serverAuth
        subjectKeyIdentifier = hash
        authorityKeyIdentifier = keyid, issuer
        ##K2HDKC_DBAAS_K8S_SAN_SETTING##

        [ v3_client ]
        basicConstraints = CA:FALSE
        keyUsage = digitalSignature, keyAgreement
        extendedKeyUsage = clientAuth
        subjectKeyIdentifier = hash
        authorityKeyIdentifier = keyid, issuer

        """;
}
