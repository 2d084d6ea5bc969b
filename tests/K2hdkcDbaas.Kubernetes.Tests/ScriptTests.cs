using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace K2hdkcDbaas.Kubernetes.Tests;

/// <summary>The pods' scripts, read by a shell, and the first of them run.</summary>
public sealed class ScriptTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("pod-");

    public static TheoryData<string> Names => new(Everything.Keys);

    private static Dictionary<string, string> Everything { get; } =
        PodScripts.All.Concat(PodScripts.OfSystem).DistinctBy(s => s.Key).ToDictionary(s => s.Key, s => s.Value);

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [MemberData(nameof(Names))]
    public void A_shell_can_read_each(string name)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no sh on Windows.");
        File.WriteAllText(Path.Combine(_folder.FullName, name), Everything[name]);
        var (code, _, error) = Run("-n", Path.Combine(_folder.FullName, name));
        Assert.Equal((0, ""), (code, error));
        Assert.DoesNotContain('\r', Everything[name]);
    }

    [Fact]
    public void The_first_container_lays_what_the_others_need()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no sh on Windows.");
        Fill();
        var (code, _, error) = Run(Script());
        Assert.True(code == 0, error);
        string Read(string file) => File.ReadAllText(Path.Combine(_folder.FullName, "etc", file));
        Assert.Equal("https://k2hr3:443", Read("k2hr3-api-url"));
        Assert.Equal("https://k2hr3:443/v1/role", Read("k2hr3-register-url"));
        Assert.Equal("yrn:yahoo:::space:role:demo/server", Read("k2hr3-role"));
        Assert.Equal("yrn:yahoo:::space:resource:demo/server", Read("k2hr3-resource"));
        Assert.Equal("token", Read("k2hr3-role-token"));
        var key = JsonDocument.Parse(Convert.FromBase64String(Read("k2hr3-cuk"))).RootElement.EnumerateObject()
            .ToDictionary(p => p.Name, p => p.Value.GetString());
        Assert.Equal(["k8s_container_id", "k8s_k2hr3_rand", "k8s_namespace", "k8s_node_ip", "k8s_node_name", "k8s_pod_id", "k8s_pod_ip",
            "k8s_pod_name", "k8s_service_account"], key.Keys);
        Assert.Equal(("svrpod-demo-0", "10.0.0.1", "uid-1"), (key["k8s_pod_name"], key["k8s_pod_ip"], key["k8s_pod_id"]));
        var encoded = Read("k2hr3-cuk").Replace('+', '-').Replace('/', '_').Replace("=", "%3d", StringComparison.Ordinal);
        Assert.Equal($"extra=k8s-auto-v1&cuk={encoded}&tag=svrpod-demo-0", Read("k2hr3-apiarg"));
        Assert.Equal("server.key of svrpod-demo-0.svrsvc-demo", Read("server.key"));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead, File.GetUnixFileMode(Path.Combine(_folder.FullName, "etc", "client.key")));

        // A pod that begins again is another one to K2HR3.
        var former = Read("k2hr3-cuk");
        Assert.Equal(0, Run(Script()).Code);
        Assert.NotEqual(former, Read("k2hr3-cuk"));
    }

    [Theory]
    [InlineData("K2HDKC_POD_IP", "K2HDKC_POD_IP is not set")]
    [InlineData("K2HDKC_MODE", "K2HDKC_MODE is not set")]
    [InlineData("token", "role-token-server")]
    [InlineData("certificate", "has no certificates for svrpod-demo-0.svrsvc-demo")]
    public void What_is_missing_is_named(string missing, string error)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no sh on Windows.");
        Fill();
        if (missing == "token") File.Delete(Path.Combine(_folder.FullName, "tokens", "role-token-server"));
        if (missing == "certificate") File.Delete(Path.Combine(_folder.FullName, "certs", "svrpod-demo-0.svrsvc-demo.client.key"));
        var answer = Run(["-c", $"unset {(missing.StartsWith('K') ? missing : "NOTHING")}; . {Script()}"]);
        Assert.Equal(1, answer.Code);
        Assert.Contains(error, answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_configuration_is_filled_in_and_put_in_place_by_renaming()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no sh on Windows.");
        var etc = Directory.CreateDirectory(Path.Combine(_folder.FullName, "etc")).FullName;
        foreach (var (name, text) in new[] { ("k2hr3-api-url", "https://k2hr3:443"),
            ("k2hr3-resource", "yrn:yahoo:::space:resource:demo/slave"), ("k2hr3-cuk", "my+cuk/="), ("k2hr3-role-token", "secret-token"),
            ("ca.crt", "") })
            File.WriteAllText(Path.Combine(etc, name), text);
        var answer = JsonSerializer.Serialize(new
        {
            result = true,
            message = (string?)null,
            resource = "[GLOBAL]\nDATE = %%FILE_DOWNLOAD_DATE%%\nSELFCUK = %%SELF_CONTAINER_CUK%%\nNOTE = \"a\\b\"\n"
        },
            JsonSerializerOptions.Web);
        File.WriteAllText(Path.Combine(_folder.FullName, "answer"), answer.Replace("\\u0022", "\\\"", StringComparison.Ordinal));
        // A stand-in for curl: it answers, and notes its arguments; the token is not among them.
        var bin = Directory.CreateDirectory(Path.Combine(_folder.FullName, "bin")).FullName;
        File.WriteAllText(Path.Combine(bin, "curl"),
            "#!/bin/sh\necho \"$*\" >> \"$NOTES\"\nwhile [ $# -gt 0 ]; do [ \"$1\" != -o ] || cp \"$STORED\" \"$2\"; shift; done\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(Path.Combine(bin, "curl"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        File.WriteAllText(Path.Combine(_folder.FullName, "update.sh"), PodScripts.All[PodScripts.Update]);
        Run(["-c", $"PATH=\"{bin}:$PATH\"; export PATH NOTES={_folder.FullName}/notes STORED={_folder.FullName}/answer "
            + $"K2HDKC_POLL_INTERVAL=1; sh {_folder.FullName}/update.sh & n=0; until [ -f {etc}/slave.ini ] || [ $n -gt 200 ]; do sleep "
            + $"0.1; n=$((n+1)); done; kill $!; wait"]);
        var lines = File.ReadAllLines(Path.Combine(etc, "slave.ini"));
        Assert.Contains("SELFCUK = my+cuk/=", lines);
        Assert.Contains("NOTE = \"a\\b\"", lines);
        Assert.DoesNotContain("%%", string.Concat(lines), StringComparison.Ordinal);
        var notes = File.ReadAllText(Path.Combine(_folder.FullName, "notes"));
        Assert.Contains("https://k2hr3:443/v1/resource/yrn:yahoo:::space:resource:demo/slave", notes, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-token", notes, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pod-r3api-1", "pod-r3api.svc-r3api", "SLAVE", "key of pod-r3api-1.svc-r3api")]
    [InlineData("pod-r3app-6d5f-x", "pod-r3app.svc-r3app", "", "key of pod-r3app.svc-r3app")]
    public void The_first_container_of_K2HR3_lays_its_certificate_and_configuration(string pod, string stem, string mode, string key)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no sh on Windows.");
        var folder = _folder.FullName;
        foreach (var name in (string[])["ca", "certs", "config", "bin", "etc"]) Directory.CreateDirectory(Path.Combine(folder, name));
        File.WriteAllText(Path.Combine(folder, "ca", "space.svc.cluster.local_CA.crt"), "the authority");
        foreach (var host in (string[])["pod-r3api-1.svc-r3api", "pod-r3app.svc-r3app"])
        {
            foreach (var kind in (string[])["server", "client"])
            {
                File.WriteAllText(Path.Combine(folder, "certs", $"{host}.{kind}.crt"), $"certificate of {host}");
                File.WriteAllText(Path.Combine(folder, "certs", $"{host}.{kind}.key"), $"key of {host}");
            }
        }

        var design = new K2hr3SystemDesign { Namespace = "space", DataCount = 2, ApiCount = 1 };
        File.WriteAllText(Path.Combine(folder, "config", "k2hr3-slave.ini"), K2hr3SystemRing.Text(design, isServer: false));
        // A stand-in for nslookup: the second name is known with the second question.
        File.WriteAllText(Path.Combine(folder, "bin", "nslookup"),
            "#!/bin/sh\necho \"$1\" >> \"$NOTES\"\ncase \"$1\" in pod-r3dkc-1.*) [ \"$(grep -c r3dkc-1 \"$NOTES\")\" -gt 1 ] ;; esac\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(Path.Combine(folder, "bin", "nslookup"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        File.WriteAllText(Path.Combine(folder, "init.sh"), PodScripts.OfSystem[PodScripts.SystemInit]);
        var (code, _, error) = Run("-c", $"PATH=\"{folder}/bin:$PATH\"; export PATH NOTES={folder}/notes CHMPX_SELF_HOSTNAME={pod} "
            + $"K2HR3_CERTIFICATE={stem} CHMPX_MODE={mode} SEC_CA_MOUNTPOINT={folder}/ca CONFIGMAP_MOUNTPOINT={folder}/config; "
            + $"sh {folder}/init.sh");
        Assert.True(code == 0, error);
        Assert.Equal(key, File.ReadAllText(Path.Combine(folder, "etc", "server.key")));
        Assert.Equal("the authority", File.ReadAllText(Path.Combine(folder, "etc", "ca.crt")));
        if (mode.Length == 0)
        {
            Assert.False(File.Exists(Path.Combine(folder, "etc", "slave.ini")));
            return;
        }

        Assert.Equal(["pod-r3dkc-0", "pod-r3dkc-1", "pod-r3dkc-1"],
            File.ReadAllLines(Path.Combine(folder, "notes")).Select(n => n.Split('.')[0]));
        File.Delete(Path.Combine(folder, "certs", "pod-r3api-1.svc-r3api.client.key"));
        var missing = Run("-c",
            $"export CHMPX_SELF_HOSTNAME={pod} K2HR3_CERTIFICATE={stem} SEC_CA_MOUNTPOINT={folder}/ca; sh {folder}/init.sh");
        Assert.Equal(1, missing.Code);
        Assert.Contains("pod-r3api-1.svc-r3api.client.key", missing.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_ring_of_K2HR3_has_all_its_members_from_the_start()
    {
        var text = K2hr3SystemRing.Text(new K2hr3SystemDesign { Namespace = "space", DataCount = 2, ApiCount = 1 }, isServer: true);
        Assert.Contains("MODE = SERVER\n", text, StringComparison.Ordinal);
        Assert.Contains("SELFCTLPORT = 8021\n", text, StringComparison.Ordinal);
        Assert.Contains("[SVRNODE]\nNAME = pod-r3dkc-1.svc-r3dkc.space.svc.cluster.local\nPORT = 8020\nCTLPORT = 8021\n", text,
            StringComparison.Ordinal);
        Assert.Contains("[SLVNODE]\nNAME = pod-r3api-0.svc-r3api.space.svc.cluster.local\nCTLPORT = 8022\n", text,
            StringComparison.Ordinal);
    }

    private string Script()
    {
        var path = Path.Combine(_folder.FullName, "setup.sh");
        File.WriteAllText(path, PodScripts.All[PodScripts.Init]);
        return path;
    }

    private void Fill()
    {
        foreach (var name in (string[])["etc", "tokens", "certs"]) Directory.CreateDirectory(Path.Combine(_folder.FullName, name));
        File.WriteAllText(Path.Combine(_folder.FullName, "tokens", "role-token-server"), "token\n");
        foreach (var file in (string[])["server.crt", "server.key", "client.crt", "client.key"])
            File.WriteAllText(Path.Combine(_folder.FullName, "certs", "svrpod-demo-0.svrsvc-demo." + file),
                $"{file} of svrpod-demo-0.svrsvc-demo");
    }

    private (int Code, string Output, string Error) Run(params string[] arguments)
    {
        var start = new ProcessStartInfo("sh") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        foreach (var (name, value) in new[]
        {
            ("ANTPICKAX_ETC_DIR", Path.Combine(_folder.FullName, "etc")),
            ("SEC_K2HR3_TOKEN_MOUNTPOINT", Path.Combine(_folder.FullName, "tokens")),
            ("SEC_CERTS_MOUNTPOINT", Path.Combine(_folder.FullName, "certs")), ("K2HR3_API_URL", "https://k2hr3:443/"),
            ("K2HDKC_DOMAIN", "svc.cluster.local"),
            ("K2HKDC_CLUSTER_NAME", "demo"), ("K2HDKC_MODE", "SERVER"), ("K2HDKC_NODE_NAME", "node"), ("K2HDKC_POD_NAME", "svrpod-demo-0"),
            ("K2HDKC_NAMESPACE", "space"),
            ("K2HDKC_POD_IP", "10.0.0.1"), ("K2HDKC_POD_SERVICE_ACCOUNT", "default"), ("K2HDKC_NODE_IP", "10.0.1.1"),
            ("K2HDKC_POD_ID", "uid-1"),
        }) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var error = new StringBuilder();
        process.ErrorDataReceived += (_, line) => error.AppendLine(line.Data);
        process.BeginErrorReadLine();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.ToString().Trim());
    }
}
