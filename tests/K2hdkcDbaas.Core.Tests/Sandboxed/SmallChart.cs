using System.Text;
using K2hdkcDbaas.Core.Clusters;

namespace K2hdkcDbaas.Core.Tests.Sandboxed;

/// <summary>
/// A small chart with the names, values, hooks and pods of K2HDKC's, written for these tests. Unlike that, it takes K2HR3's address as it
/// is.
/// </summary>
internal static class SmallChart
{
    private const string Definition = "apiVersion: v2\nname: k2hdkc\nversion: 1.0.10\nappVersion: 1.0.10\nkubeVersion: \">=1.26.0\"\n";

    private const string Values = """
        dbaas:
          clusterName: ""
          k2hr3Tenant: ""
          server: {count: 2, port: 8020, ctlport: 8021}
          slave: {count: 2, ctlport: 8022}
        k2hr3: {clusterName: k2hr3, unscopedToken: "", url: ""}
        images: {init: {fullImageName: "alpine:3.22"}, chmpx: {fullImageName: "antpickax/chmpx:1.0.110"}, dkc: {fullImageName: "antpickax/k2hdkc:1.0.17"}}
        """;

    private const string Schema = """
        {"type": "object", "required": ["k2hr3"], "properties": {
          "k2hr3": {"type": "object", "required": ["unscopedToken"], "properties": {"unscopedToken": {"type": "string", "minLength": 1}}},
          "dbaas": {"type": "object", "properties": {
            "server": {"type": "object", "properties": {"count": {"type": "number", "exclusiveMinimum": 0}}},
            "slave": {"type": "object", "properties": {"count": {"type": "number", "exclusiveMinimum": 0}}}}}}}
        """;

    private const string Hooks = """
        {{- $c := default .Release.Name .Values.dbaas.clusterName }}
        apiVersion: v1
        kind: Secret
        metadata:
          name: secret-{{ $c }}-k2hr3-token
          annotations: {"helm.sh/hook": "pre-install,pre-upgrade", "helm.sh/hook-weight": "-1", "helm.sh/hook-delete-policy": before-hook-creation}
        data: {unscopedToken: {{ .Values.k2hr3.unscopedToken | b64enc }}}
        ---
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: configmap-{{ $c }}
          annotations: {"helm.sh/hook": "pre-install,pre-upgrade", "helm.sh/hook-weight": "-2", "helm.sh/hook-delete-policy": before-hook-creation}
        data:
          dbaas-k2hdkc.ini.templ: |-
        {{ .Files.Get "files/ini.templ" | indent 4 }}
        {{- range list "setup" "unsetup" }}
        ---
        apiVersion: batch/v1
        kind: Job
        metadata:
          name: dbaas-{{ $c }}-{{ . }}-k2hr3
          annotations: {"helm.sh/hook": "{{ if eq . "setup" }}pre-install,pre-upgrade{{ else }}post-delete{{ end }}", "helm.sh/hook-delete-policy": "{{ if eq . "setup" }}before-hook-creation{{ else }}hook-succeeded,hook-failed{{ end }}"}
        spec:
          backoffLimit: 0
          template:
            spec:
              restartPolicy: Never
              volumes:
              - {name: c, configMap: {name: configmap-{{ $c }}}}
              - {name: t, secret: {secretName: secret-{{ $c }}-k2hr3-token}}
              - {name: a, secret: {secretName: secret-k2hr3-ca-{{ $.Values.k2hr3.clusterName }}}}
              containers:
              - name: {{ . }}-k2hr3-{{ $c }}-job
                image: {{ $.Values.images.init.fullImageName }}
                command: [/bin/sh]
                args: [/configmap/dbaas-{{ . }}-k2hr3-data.sh]
                env:
                - {name: K2HR3_API_URL, value: {{ $.Values.k2hr3.url | quote }}}
                - {name: K2HR3_TENANT, value: {{ $.Values.dbaas.k2hr3Tenant }}}
                - {name: ANTPICKAX_ETC_DIR, value: /etc/antpickax}
                - {name: SEC_K2HR3_TOKEN_MOUNTPOINT, value: /secret-k2hr3-token}
                - {name: SEC_UTOKEN_FILENAME, value: unscopedToken}
                - {name: K2HDKC_CLUSTER_NAME, value: {{ $c }}}
                - {name: K2HDKC_SVR_PORT, value: {{ $.Values.dbaas.server.port | quote }}}
                - {name: K2HDKC_SVR_CTLPORT, value: {{ $.Values.dbaas.server.ctlport | quote }}}
                - {name: K2HDKC_SLV_CTLPORT, value: {{ $.Values.dbaas.slave.ctlport | quote }}}
                - {name: K2HDKC_INI_TEMPL_FILE, value: /configmap/dbaas-k2hdkc.ini.templ}
                volumeMounts:
                - {name: c, mountPath: /configmap}
                - {name: t, mountPath: /secret-k2hr3-token}
        {{- end }}
        """;

    private const string Nodes = """
        {{- $c := default .Release.Name .Values.dbaas.clusterName }}
        {{- range $stem, $mode := dict "svr" "server" "slv" "slave" }}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: {{ $stem }}svc-{{ $c }}}
        spec: {clusterIP: None, publishNotReadyAddresses: true, selector: {app: {{ $c }}}, ports: [{name: ctl, port: 8021}]}
        ---
        apiVersion: apps/v1
        kind: StatefulSet
        metadata: {name: {{ $stem }}pod-{{ $c }}}
        spec:
          serviceName: {{ $stem }}svc-{{ $c }}
          replicas: {{ index $.Values.dbaas $mode "count" }}
          selector: {matchLabels: {app: {{ $c }}}}
          template:
            metadata: {labels: {app: {{ $c }}}}
            spec:
              volumes:
              - {name: a, secret: {secretName: secret-k2hr3-ca-{{ $.Values.k2hr3.clusterName }}}}
              - {name: t, secret: {secretName: secret-{{ $c }}-k2hr3-token}}
              initContainers:
              - name: {{ $stem }}init-{{ $c }}
                image: {{ $.Values.images.init.fullImageName }}
                command: [/bin/sh]
                args: [/configmap/dbaas-k2hdkc-variables-setup.sh]
                env:
                - {name: HTTP_PROXY, value: ""}
                - {name: K2HR3_API_URL, value: {{ $.Values.k2hr3.url | quote }}}
                - {name: K2HR3_TENANT, value: {{ $.Values.dbaas.k2hr3Tenant }}}
                - {name: K2HDKC_DOMAIN, value: svc.cluster.local}
                - {name: K2HDKC_CLUSTER_NAME, value: {{ $c }}}
                - {name: K2HDKC_MODE, value: {{ $mode }}}
                {{- range $name, $path := dict "NODE_NAME" "spec.nodeName" "POD_NAME" "metadata.name" "NAMESPACE" "metadata.namespace" "POD_IP" "status.podIP" "POD_SERVICE_ACCOUNT" "spec.serviceAccountName" "NODE_IP" "status.hostIP" "POD_ID" "metadata.uid" }}
                - {name: K2HDKC_{{ $name }}, valueFrom: {fieldRef: {fieldPath: {{ $path }}}}}
                {{- end }}
                - {name: SEC_K2HR3_TOKEN_MOUNTPOINT, value: /secret-k2hr3-token}
                - {name: SEC_UTOKEN_FILENAME, value: unscopedToken}
                volumeMounts:
                - {name: a, mountPath: /secret-ca}
                - {name: t, mountPath: /secret-k2hr3-token}
              containers:
              - name: {{ $stem }}update-{{ $c }}
                image: {{ $.Values.images.init.fullImageName }}
                lifecycle:
                  postStart: {exec: {command: [/bin/sh, /configmap/dbaas-k2hdkc-k2hr3-registration.sh, -reg]}}
                  preStop: {exec: {command: [/bin/sh, /configmap/dbaas-k2hdkc-k2hr3-registration.sh, -del]}}
              - {name: {{ $stem }}chmpx-{{ $c }}, image: {{ $.Values.images.chmpx.fullImageName | quote }}}
              - {name: {{ $stem }}k2hdkc-{{ $c }}, image: {{ $.Values.images.dkc.fullImageName | quote }}}
        {{- end }}
        """;

    /// <summary>Writes it.</summary>
    /// <param name="folder">Where to.</param>
    /// <param name="cluster">The cluster whose configuration it has.</param>
    /// <param name="tenant">The cluster's K2HR3 tenant.</param>
    public static void Write(string folder, string cluster, string tenant)
    {
        foreach (var (name, text) in Files(cluster, tenant))
        {
            var path = Path.Combine(folder, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text);
        }
    }

    /// <summary>What a release's record holds of it.</summary>
    public static object Record(string cluster, string tenant) => new
    {
        metadata = new { apiVersion = "v2", name = "k2hdkc", version = "1.0.10", appVersion = "1.0.10" },
        values = new { dbaas = new { server = new { count = 2 }, slave = new { count = 2 } } },
        schema = Packed(Schema),
        templates = Files(cluster, tenant).Where(f => f.Name.StartsWith("templates/", StringComparison.Ordinal))
            .Select(f => new { name = f.Name, data = Packed(f.Text) }),
        files = new[] { new { name = "files/ini.templ", data = Packed(ClusterTemplate.PodText(tenant, cluster)) } },
    };

    private static string Packed(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private static IEnumerable<(string Name, string Text)> Files(string cluster, string tenant) =>
    [
        ("Chart.yaml", Definition), ("values.yaml", Values), ("values.schema.json", Schema), ("templates/hooks.yaml", Hooks),
        ("templates/nodes.yaml", Nodes), ("files/ini.templ", ClusterTemplate.PodText(tenant, cluster)),
    ];
}
