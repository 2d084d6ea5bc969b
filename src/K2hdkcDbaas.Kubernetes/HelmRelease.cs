using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using K2hdkcDbaas.Errors;

namespace K2hdkcDbaas.Kubernetes;

/// <summary>
/// One revision of a Helm release, as Helm keeps it in a Secret of type <c>helm.sh/release.v1</c>: JSON in gzip in base64 (Helm 3 and 4,
/// pkg/storage/driver). Its values hold secrets: no record, so that it never prints itself.
/// </summary>
public sealed class HelmRelease
{
    /// <summary>The name of K2HDKC's chart.</summary>
    public const string K2hdkcChart = "k2hdkc";

    // Helm itself reads no larger ones back: a Secret has 1 MiB, and text seldom packs to less than a hundredth.
    private const int MaxLength = 128 << 20;

    private readonly JsonObject _record;

    private HelmRelease(JsonObject record) => _record = record;

    /// <summary>The release's name.</summary>
    public string Name => Text(_record, "name");

    /// <summary>The revision's number, from 1.</summary>
    public int Revision => _record["version"] is JsonValue version && version.TryGetValue<int>(out var number) ? number : 0;

    /// <summary>Helm's word for its state: deployed, superseded, failed, pending-install and so on.</summary>
    public string Status => Text(_record, "info", "status");

    /// <summary>What was done, or why it failed.</summary>
    public string Description => Text(_record, "info", "description");

    /// <summary>When this revision was made.</summary>
    public DateTimeOffset? Updated => Time("last_deployed");

    /// <summary>When the release's first revision was made.</summary>
    public DateTimeOffset? Created => Time("first_deployed");

    /// <summary>The chart's name.</summary>
    public string ChartName => Text(_record, "chart", "metadata", "name");

    /// <summary>The chart's version.</summary>
    public string ChartVersion => Text(_record, "chart", "metadata", "version");

    /// <summary>The version of what the chart installs.</summary>
    public string AppVersion => Text(_record, "chart", "metadata", "appVersion");

    /// <summary>The objects as Helm made them, as YAML, without those of hooks.</summary>
    public string Manifest => Text(_record, "manifest");

    /// <summary>The values that were given, without the chart's own. Secrets may stand in them.</summary>
    public JsonObject Values => (_record["config"]?.DeepClone() as JsonObject) ?? [];

    /// <summary>Whether its objects were made with server-side apply, as Helm 4 does: those have owners for each field.</summary>
    public bool IsServerSide => Text(_record, "apply_method") == "ssa";

    /// <summary>The chart, as the record has it.</summary>
    internal JsonObject Chart => _record["chart"] as JsonObject ?? [];

    /// <summary>The K2HDKC cluster that the release's values name: the release's own name where they name none.</summary>
    public string Cluster => Setting("dbaas", "clusterName") is JsonValue value && value.TryGetValue<string>(out var name)
        && name.Length > 0 ? name : Name;

    /// <summary>Reads a revision.</summary>
    /// <param name="data">What the Secret holds under <c>release</c>.</param>
    /// <exception cref="DbaasException"><see cref="HelmErrorIds.HelmReleaseUnreadable"/>.</exception>
    public static HelmRelease Read(byte[] data)
    {
        try
        {
            using var packed = new MemoryStream(Convert.FromBase64String(Encoding.ASCII.GetString(data)));
            // Helm 2 and early 3 wrote it without gzip, too.
            var isPacked = packed.ReadByte() == 0x1f && packed.ReadByte() == 0x8b;
            packed.Position = 0;
            using var plain = isPacked ? (Stream)new GZipStream(packed, CompressionMode.Decompress) : packed;
            using var text = new MemoryStream();
            var buffer = new byte[81920];
            for (int read; (read = plain.Read(buffer)) > 0;)
            {
                if (text.Length + read > MaxLength) throw new InvalidDataException("it is too large");
                text.Write(buffer, 0, read);
            }

            text.Position = 0;
            return JsonNode.Parse(text) is JsonObject record && Text(record, "name").Length > 0
                ? new HelmRelease(record)
                : throw new InvalidDataException("it is no release");
        }
        catch (Exception e) when (e is FormatException or InvalidDataException or JsonException or ArgumentException)
        {
            throw new DbaasException(ErrorKind.InvalidResponse, HelmErrorIds.HelmReleaseUnreadable,
                $"What Helm keeps of a release cannot be read: {e.Message.TrimEnd('.')}.",
                "'helm history' shows whether Helm itself can read it.", e);
        }
    }

    /// <summary>A value that the release goes by: as given, or the chart's own; null for none.</summary>
    /// <param name="path">The names on the way to it.</param>
    public JsonNode? Setting(params ReadOnlySpan<string> path) => At(_record["config"], path) ?? At(Chart["values"], path);

    /// <summary>A number that the release goes by; null for none.</summary>
    /// <param name="path">The names on the way to it.</param>
    public int? Number(params ReadOnlySpan<string> path) =>
        Setting(path) is JsonValue value && value.TryGetValue<double>(out var number) && number is >= 0 and <= int.MaxValue
            ? (int)number
            : null;

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Name} {Revision}");

    private static JsonNode? At(JsonNode? node, params ReadOnlySpan<string> path)
    {
        foreach (var name in path) node = (node as JsonObject)?[name];
        return node;
    }

    private static string Text(JsonNode? node, params ReadOnlySpan<string> path) =>
        At(node, path) is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";

    private DateTimeOffset? Time(string member) =>
        DateTimeOffset.TryParse(Text(_record, "info", member), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time.ToUniversalTime()
            : null;
}
