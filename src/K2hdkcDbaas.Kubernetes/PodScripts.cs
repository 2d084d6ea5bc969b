namespace K2hdkcDbaas.Kubernetes;

/// <summary>What runs in the pods: scripts of this project under the command line's names, and some of ours alone.</summary>
internal static class PodScripts
{
    public const string Init = "dbaas-k2hdkc-variables-setup.sh";
    public const string Registration = "dbaas-k2hdkc-k2hr3-registration.sh";
    public const string Update = "dbaas-k2hdkc-ini-update.sh";
    public const string Server = "dbaas-k2hdkc-serverproc-wrap.sh";
    public const string Chmpx = "dbaas-k2hdkc-chmpxproc-wrap.sh";
    public const string Ready = "k2hdkc-dbaas-ready.sh";
    public const string SystemInit = "k2hr3-init.sh";
    public const string Api = "k2hr3-api-wrap.sh";
    public const string App = "k2hr3-app-wrap.sh";

    public static IReadOnlyDictionary<string, string> All { get; } =
        new[] { Init, Registration, Update, Server, Chmpx, Ready }.ToDictionary(n => n, Read);

    /// <summary>What runs in the pods of K2HR3 itself.</summary>
    public static IReadOnlyDictionary<string, string> OfSystem { get; } =
        new[] { SystemInit, Api, App, Server, Chmpx, Ready }.ToDictionary(n => n, Read);

    private static string Read(string name)
    {
        using var stream = typeof(PodScripts).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Replace("\r\n", "\n", StringComparison.Ordinal);
    }
}
