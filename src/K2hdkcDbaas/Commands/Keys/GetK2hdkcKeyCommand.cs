using System.Management.Automation;
using System.Security;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Client.Model;
using K2hdkcDbaas.Core;
using K2hdkcDbaas.Core.Data;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Model;
using K2hdkcDbaas.Provider;

namespace K2hdkcDbaas.Commands;

/// <summary>Reads keys with their values.</summary>
[Cmdlet(VerbsCommon.Get, "K2hdkcKey", DefaultParameterSetName = RingSets.Current)]
[OutputType(typeof(K2hdkcKey))]
public sealed class GetK2hdkcKeyCommand : WindowedDataCmdlet
{
    private bool _isFileWritten;

    /// <summary>The keys, as text or bytes. Text is looked for as k2hdkclinetool stores it, with a trailing NUL, then without.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [KeyArgument]
    [ValidateNotNullOrEmpty]
    public KeyReference[] Key { get; set; } = [];

    /// <summary>Reads the subkeys too, and theirs, each below its parent.</summary>
    [Parameter]
    public SwitchParameter Recurse { get; set; }

    /// <summary>Gives values as byte arrays, exactly as stored.</summary>
    [Parameter]
    public SwitchParameter AsByteStream { get; set; }

    /// <summary>Gives values as the objects that their JSON text describes.</summary>
    [Parameter]
    public SwitchParameter AsJson { get; set; }

    /// <summary>
    /// Writes the value, exactly as stored, to this file instead, without holding it in memory. In a folder that exists each key gets a
    /// file of its own, named like its segment of a drive's path.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? OutFile { get; set; }

    /// <summary>The pass phrase that values were encrypted with.</summary>
    [Parameter]
    public SecureString? PassPhrase { get; set; }

    /// <summary>Reads the stored bytes whatever the attributes say: expired values too, encrypted ones as ciphertext.</summary>
    [Parameter]
    public SwitchParameter IgnoreAttribute { get; set; }

    /// <summary>Lists the names of the subkeys, too.</summary>
    [Parameter]
    public SwitchParameter IncludeSubkey { get; set; }

    /// <summary>Reads the attributes, too: times of writing and expiry, encryption.</summary>
    [Parameter]
    public SwitchParameter IncludeAttribute { get; set; }

    /// <summary>
    /// Whom to ask when the key's first holder does not have it; what the connection was opened with when not given. FirstHolder asks
    /// nobody else; WhileChanging asks the others while the ring changes and for an hour after; AllMembers always. Values read into files
    /// come from the first holder alone.
    /// </summary>
    [Parameter]
    public ReadPolicy? ReadPolicy { get; set; }

    /// <summary>Looks for text without a trailing NUL only.</summary>
    [Parameter]
    public SwitchParameter Bare { get; set; }

    private protected override string Activity => "Reading keys";

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        if (OutFile is null || !Recurse) return;
        ThrowTerminatingError(ErrorRecords.From(
            new DbaasException(ErrorKind.InvalidInput, ErrorIds.InvalidRequest, "-OutFile and -Recurse are both given.",
                "Pipe the keys in: Get-K2hdkcSubkey KEY -Recurse | Get-K2hdkcKey -OutFile FOLDER."), OutFile));
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var reader = new KeyReader
        {
            Bare = Bare,
            AsBytes = AsByteStream,
            AsJson = AsJson,
            WithSubkeys = IncludeSubkey,
            WithAttributes = IncludeAttribute,
            Options = KeyReader.OptionsOf(PassPhrase, IgnoreAttribute, ReadPolicy),
        };
        foreach (var key in Key)
        {
            var client = Client;
            if (OutFile is not null) Save(reader, key);
            else if (Recurse) Run(key.Value, (output, token) => reader.WalkAsync(client, key, output, token));
            else Begin(key.Stored(Bare), key.Value, async (c, token) => await reader.ReadAsync(c, key, token).ConfigureAwait(false));
        }
    }

    private void Save(KeyReader reader, KeyReference key)
    {
        var client = Client;
        var given = SessionState.Path.GetUnresolvedProviderPathFromPSPath(OutFile);
        var isFolder = Directory.Exists(given);
        if (!isFolder && _isFileWritten)
        {
            Fail(new DbaasException(ErrorKind.InvalidInput, "FileTaken",
                $"The value of key '{key}' has no file of its own: {given} holds another key's.",
                "Give a folder that exists to -OutFile.")
            { Target = key.Value }, key.Value);
            return;
        }

        if (!TryRun(key.Value, SaveAsync, out var saved)) return;
        _isFileWritten = true;
        WriteObject(saved);

        async Task<K2hdkcKey> SaveAsync(CommandOutput output, CancellationToken token)
        {
            // Whoever reads the file sees all of the value or the former file.
            var path = given;
            var partial = isFolder ? Path.Combine(given, Path.GetRandomFileName() + ".partial") : given + ".partial";
            try
            {
                var (stored, state, length) = await ReceiveAsync(client, key, partial, reader, output, token).ConfigureAwait(false);
                if (KeyErrors.Of(key, state) is { } fault) throw fault;
                // A key that is there with a NUL and without has two segments.
                if (isFolder) path = Path.Combine(given, KeyPath.Segment(stored.Span));
                File.Move(partial, path, overwrite: true);
                return new K2hdkcKey(KeyReference.Of(stored)) { Size = length, File = path };
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new DbaasException(ErrorKind.InvalidInput, "FileUnusable", $"The file {path} cannot be written: {e.Message}",
                    "Check the path, its permissions and the free space.", e)
                { Target = path };
            }
            finally
            {
                if (File.Exists(partial)) File.Delete(partial);
            }
        }
    }

    private static async Task<(ReadOnlyMemory<byte> Stored, KeyState State, long Length)> ReceiveAsync(
        Client.IK2hdkcClient client, KeyReference key, string path, KeyReader reader, CommandOutput output, CancellationToken token)
    {
        var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None);
        await using (file.ConfigureAwait(false))
        {
            foreach (var stored in key.Forms(reader.Bare))
            {
                var (state, length) = await ValueTransfer.ReadAsync(
                    client, stored, file, reader.Options, done => output.Progress($"Reading {key}", $"{done / 1024:N0} KiB", null),
                    token).ConfigureAwait(false);
                if (state != KeyState.Missing) return (stored, state, length);
            }

            return (key.Stored(reader.Bare), KeyState.Missing, 0);
        }
    }
}
