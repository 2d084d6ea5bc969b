using System.Globalization;
using System.Text;

namespace K2hdkcDbaas.Kubernetes;

/// <summary>
/// The configuration of the ring that keeps K2HR3's data: its members are known from the start. Waits and threads are those of clusters of
/// pods, for the same reasons.
/// </summary>
internal static class K2hr3SystemRing
{
    public const int ServerPort = 8020;
    public const int ServerControlPort = 8021;
    public const int SlaveControlPort = 8022;

    /// <summary>The INI text of chmpx and k2hdkc.</summary>
    /// <param name="design">The system.</param>
    /// <param name="isServer">Whether it is that of the data pods, not of the API's.</param>
    public static string Text(K2hr3SystemDesign design, bool isServer)
    {
        var text = new StringBuilder();
        void Section(string name, params ReadOnlySpan<(string Key, object Value)> lines)
        {
            text.Append(CultureInfo.InvariantCulture, $"[{name}]\n");
            foreach (var (key, value) in lines) text.Append(CultureInfo.InvariantCulture, $"{key} = {value}\n");
            text.Append('\n');
        }

        Section("GLOBAL", ("FILEVERSION", 1), ("GROUP", "R3DKC"), ("MODE", isServer ? "SERVER" : "SLAVE"), ("CHMPXIDTYPE", "CUSTOM"),
            ("DELIVERMODE", "hash"), ("MAXCHMPX", 32), ("REPLICA", 1), ("MAXMQSERVER", 16), ("MAXMQCLIENT", 16), ("MQPERATTACH", 4),
            ("MAXQPERSERVERMQ", 4), ("MAXQPERCLIENTMQ", 4), ("MAXMQPERCLIENT", 4), ("MAXHISTLOG", 0),
            ("SELFCTLPORT", isServer ? ServerControlPort : SlaveControlPort), ("RWTIMEOUT", 200), ("RETRYCNT", 25000),
            ("CONTIMEOUT", 200), ("MQRWTIMEOUT", 500), ("MQRETRYCNT", 10000), ("MQACK", "no"), ("AUTOMERGE", "on"), ("DOMERGE", "on"),
            ("MERGETIMEOUT", 0), ("SOCKTHREADCNT", 0), ("MQTHREADCNT", 0), ("MAXSOCKPOOL", 16), ("SOCKPOOLTIMEOUT", 0),
            ("K2HFULLMAP", "on"), ("K2HMASKBIT", 8), ("K2HCMASKBIT", 4), ("K2HMAXELE", 8), ("SSL", "on"), ("SSL_VERIFY_PEER", "on"),
            ("CAPATH", PodParts.EtcFolder + "/ca.crt"), ("SERVER_CERT", PodParts.EtcFolder + "/server.crt"),
            ("SERVER_PRIKEY", PodParts.EtcFolder + "/server.key"), ("SLAVE_CERT", PodParts.EtcFolder + "/client.crt"),
            ("SLAVE_PRIKEY", PodParts.EtcFolder + "/client.key"));
        Section("K2HDKC", ("K2HTYPE", "file"), ("K2HFILE", PodParts.LibFolder + "/k2hdkc/k2hdkc.k2h"), ("K2HFULLMAP", "on"),
            ("K2HINIT", "no"), ("K2HMASKBIT", 8), ("K2HCMASKBIT", 4), ("K2HMAXELE", 16), ("K2HPAGESIZE", 128), ("MAXTHREAD", 20));
        foreach (var name in Names(K2hr3SystemNames.Data, design.DataCount))
            Section("SVRNODE", ("NAME", name), ("PORT", ServerPort), ("CTLPORT", ServerControlPort), ("CUSTOM_ID_SEED", name));
        foreach (var name in Names(K2hr3SystemNames.Api, design.ApiCount))
            Section("SLVNODE", ("NAME", name), ("CTLPORT", SlaveControlPort), ("CUSTOM_ID_SEED", name));
        return text.ToString();

        IEnumerable<string> Names(string part, int count) => Enumerable.Range(0, count).Select(i => string.Create(
            CultureInfo.InvariantCulture,
            $"{K2hr3SystemNames.Pods(part)}-{i}.{K2hr3SystemNames.Service(part)}.{design.Namespace}.{KubernetesNames.Domain}"));
    }
}
