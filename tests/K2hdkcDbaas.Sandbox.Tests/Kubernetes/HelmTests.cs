namespace K2hdkcDbaas.Sandbox.Tests.Kubernetes;

/// <summary>The real helm against the sandbox, with a chart whose objects are of the kinds that K2HDKC's chart has.</summary>
public sealed class HelmTests
{
    private const string Hooks = """
        apiVersion: v1
        kind: Secret
        metadata:
          name: secret-{{ .Release.Name }}-k2hr3-token
          annotations: {"helm.sh/hook": "pre-install,pre-upgrade", "helm.sh/hook-weight": "-1", "helm.sh/hook-delete-policy": before-hook-creation}
        data: {unscopedToken: {{ .Values.token | b64enc }}}
        ---
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: configmap-{{ .Release.Name }}
          annotations: {"helm.sh/hook": "pre-install,pre-upgrade", "helm.sh/hook-weight": "-2", "helm.sh/hook-delete-policy": before-hook-creation}
        data:
          dbaas-k2hdkc.ini.templ: "[GLOBAL]\nGROUP = %%K2HDKC_DBAAS_CLUSTER_NAME%%\n%%CHMPX_SSL_SETTING%%\n"
        ---
        {{- range $i, $step := list "setup" "unsetup" }}
        apiVersion: batch/v1
        kind: Job
        metadata:
          name: dbaas-{{ $.Release.Name }}-{{ $step }}-k2hr3
          annotations: {"helm.sh/hook": "{{ if eq $step "setup" }}pre-install,pre-upgrade{{ else }}post-delete{{ end }}", "helm.sh/hook-weight": "0", "helm.sh/hook-delete-policy": "before-hook-creation"}
        spec:
          backoffLimit: 0
          template:
            spec:
              restartPolicy: Never
              volumes:
              - {name: c, configMap: {name: configmap-{{ $.Release.Name }}}}
              - {name: t, secret: {secretName: secret-{{ $.Release.Name }}-k2hr3-token}}
              containers:
              - name: {{ $step }}
                image: "alpine:3.22"
                command: [/bin/sh]
                args: [/configmap/dbaas-{{ $step }}-k2hr3-data.sh]
                env:
                - {name: K2HR3_API_URL, value: {{ $.Values.api | quote }}}
                - {name: K2HR3_TENANT, value: demo}
                - {name: ANTPICKAX_ETC_DIR, value: /etc/antpickax}
                - {name: SEC_K2HR3_TOKEN_MOUNTPOINT, value: /secret-k2hr3-token}
                - {name: SEC_UTOKEN_FILENAME, value: unscopedToken}
                - {name: K2HDKC_CLUSTER_NAME, value: {{ $.Release.Name }}}
                - {name: K2HDKC_SVR_PORT, value: "8020"}
                - {name: K2HDKC_SVR_CTLPORT, value: "8021"}
                - {name: K2HDKC_SLV_CTLPORT, value: "8022"}
                - {name: K2HDKC_INI_TEMPL_FILE, value: /configmap/dbaas-k2hdkc.ini.templ}
                volumeMounts:
                - {name: c, mountPath: /configmap}
                - {name: t, mountPath: /secret-k2hr3-token}
        ---
        {{- end }}
        """;

    private const string Objects = """
        apiVersion: v1
        kind: Service
        metadata: {name: svrsvc-{{ .Release.Name }}}
        spec: {clusterIP: None, selector: {app: {{ .Release.Name }}}, ports: [{name: p, port: 8020}]}
        ---
        apiVersion: apps/v1
        kind: StatefulSet
        metadata: {name: svrpod-{{ .Release.Name }}}
        spec:
          serviceName: svrsvc-{{ .Release.Name }}
          replicas: {{ .Values.count }}
          selector: {matchLabels: {app: {{ .Release.Name }}}}
          template:
            metadata: {labels: {app: {{ .Release.Name }}}}
            spec: {containers: [{name: c, image: "busybox:1", env: [{name: HTTP_PROXY, value: ""}]}]}
        """;

    [Fact]
    public async Task Installs_upgrades_rolls_back_and_uninstalls()
    {
        await using var kube = await Kube.StartAsync();
        var helm = RealProgram.Find("helm", kube);
        var k2hr3 = new DatabaseCluster(kube);
        await k2hr3.LogInAsync();
        var chart = Path.Combine(Path.GetDirectoryName(kube.Host.KubeconfigFile)!, "chart");
        Directory.CreateDirectory(Path.Combine(chart, "templates"));
        await File.WriteAllTextAsync(Path.Combine(chart, "Chart.yaml"),
            "apiVersion: v2\nname: small\nversion: 0.1.0\nkubeVersion: \">=1.26.0\"\n", Kube.Ct);
        await File.WriteAllTextAsync(Path.Combine(chart, "templates", "hooks.yaml"), Hooks, Kube.Ct);
        await File.WriteAllTextAsync(Path.Combine(chart, "templates", "objects.yaml"), Objects, Kube.Ct);

        await helm.RunAsync("install", "small", chart, "--set",
            $"count=2,token={k2hr3.User},api={kube.Host.K2hr3Url.ToString().TrimEnd('/')}", "--wait", "--timeout", "120s");
        await kube.ReadyAsync("svrpod-small", 2);
        Assert.Equal(200, (await k2hr3.K2hr3Async("GET", "/v1/role/small/server")).Status);
        var releases = (await kube.GetAsync("/api/v1/namespaces/demo/secrets?labelSelector=owner%3Dhelm,name%3Dsmall")).Body!;
        Assert.Equal("helm.sh/release.v1", Kube.Word(Assert.Single(releases["items"]!.AsArray()), "type"));
        var service = (await kube.GetAsync("/api/v1/namespaces/demo/services/svrsvc-small")).Body;
        Assert.Equal(("Helm", "small"),
            (Kube.Word(service, "metadata", "labels", "app.kubernetes.io/managed-by"),
                Kube.Word(service, "metadata", "annotations", "meta.helm.sh/release-name")));

        await helm.RunAsync("upgrade", "small", chart, "--reuse-values", "--set", "count=3", "--wait", "--timeout", "120s");
        await kube.ReadyAsync("svrpod-small", 3);
        await helm.RunAsync("rollback", "small", "1", "--wait", "--timeout", "120s");
        await kube.ReadyAsync("svrpod-small", 2);
        Assert.Contains("Rollback to 1", await helm.RunAsync("history", "small"), StringComparison.Ordinal);
        await helm.RunAsync("uninstall", "small", "--wait", "--timeout", "120s");
        Assert.Empty(Kube.Names((await kube.GetAsync("/apis/apps/v1/namespaces/demo/statefulsets")).Body!));
        Assert.Equal(200, (await kube.GetAsync("/api/v1/namespaces/demo/configmaps/configmap-small")).Status);
        var roles = await k2hr3.K2hr3Async("GET", "/v1/list/role");
        Assert.DoesNotContain("small", roles.Text, StringComparison.Ordinal);
    }
}
