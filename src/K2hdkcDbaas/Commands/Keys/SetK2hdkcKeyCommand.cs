using System.Management.Automation;
using System.Security;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Client;
using K2hdkcDbaas.Client.Model;
using K2hdkcDbaas.Core.Data;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Model;

namespace K2hdkcDbaas.Commands;

/// <summary>Writes keys, new ones or over old ones.</summary>
[Cmdlet(VerbsCommon.Set, "K2hdkcKey", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low,
    DefaultParameterSetName = RingSets.Current)]
[OutputType(typeof(K2hdkcKey))]
public sealed class SetK2hdkcKeyCommand : WindowedDataCmdlet
{
    // Tells null from no value at all; PowerShell puts it back for a record that brings none.
    private static readonly object NoValue = new();

    private readonly List<object?> _piped = [];
    private SetOptions? _options;
    private bool _isValueGiven;
    private bool _isPiped;

    /// <summary>The key, as text or bytes. Text is stored with a trailing NUL, as k2hdkclinetool stores it.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [KeyArgument]
    [ValidateNotNullOrEmpty]
    public KeyReference[] Key { get; set; } = [];

    /// <summary>The value: bytes as they are, anything else as text with a trailing NUL; null for an empty value.</summary>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    public object? Value { get; set; } = NoValue;

    /// <summary>
    /// What is piped where -Key names the key: one thing is the value as it is, several texts are its lines, bytes are its bytes.
    /// </summary>
    [Parameter(ValueFromPipeline = true)]
    [AllowNull]
    [AllowEmptyString]
    public PSObject? InputObject { get; set; }

    /// <summary>Stores the value as JSON text.</summary>
    [Parameter]
    public SwitchParameter AsJson { get; set; }

    /// <summary>Stores the bytes of this file instead, up to 2 GB, sent in one piece and not held in memory.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string? InFile { get; set; }

    /// <summary>
    /// After what time the value is gone: seconds, text such as 90s, 1h or 30d, or a TimeSpan; a fraction of a second counts as a second.
    /// Never when not given, also where the former value had an expiry.
    /// </summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Duration]
    public TimeSpan? ExpiresIn { get; set; }

    /// <summary>Encrypts the value on the server with this pass phrase.</summary>
    [Parameter]
    public SecureString? PassPhrase { get; set; }

    /// <summary>Empties the key's list of subkeys, which is kept otherwise; the keys it names are not touched.</summary>
    [Parameter]
    public SwitchParameter ClearSubkey { get; set; }

    /// <summary>Stores text, in key and value, without the trailing NUL.</summary>
    [Parameter]
    public SwitchParameter Bare { get; set; }

    /// <summary>Returns each key that was written, in the order of input.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override string Activity => "Writing keys";

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        _isValueGiven = MyInvocation.BoundParameters.ContainsKey(nameof(Value));
        // The key is given, and its value comes down the pipeline: in one piece or as lines.
        _isPiped = MyInvocation.ExpectingInput && MyInvocation.BoundParameters.ContainsKey(nameof(Key)) && !_isValueGiven
            && !MyInvocation.BoundParameters.ContainsKey(nameof(InFile));
        if (PassPhrase is not null || ClearSubkey)
            _options = new SetOptions { PassPhrase = Secret.Reveal(PassPhrase), ClearSubkeys = ClearSubkey };
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (_isPiped && ReferenceEquals(Value, NoValue))
        {
            _piped.Add(InputObject);
            return;
        }

        // Bytes that went through a file of text are in another column.
        var restored = !_isValueGiven && InFile is null && Key is [{ Source: { HasValue: true, Value: byte[] bytes } }] ? bytes : null;
        foreach (var key in Key) Write(key, restored ?? Value);
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (_piped.Count > 0)
        {
            try
            {
                var whole = Whole();
                foreach (var key in Key) Write(key, whole);
            }
            catch (DbaasException fault)
            {
                Refuse(Key[0].Value, fault);
            }
        }

        base.EndProcessing();
    }

    /// <summary>What was piped as one value, as Set-Content takes it.</summary>
    private object? Whole()
    {
        if (_piped is [var only]) return only;
        if (AsJson) return _piped.ToArray();
        if (_piped.TrueForAll(p => p is PSObject { BaseObject: byte }))
            return _piped.Select(p => (byte)((PSObject)p!).BaseObject).ToArray();
        return string.Join('\n', _piped.Select(p => StoredText.Decode(StoredValue.Encode(p, asJson: false, bare: true).Span)));
    }

    private void Write(KeyReference key, object? value)
    {
        var shown = value is PSObject { BaseObject: not PSCustomObject } wrapped ? wrapped.BaseObject : value;
        if (InFile is null == ReferenceEquals(shown, NoValue))
        {
            Refuse(key.Value,
                new DbaasException(ErrorKind.InvalidInput, StoredValue.Unfit, $"Key '{key}' needs one of -Value and -InFile.",
                    "Give one; '-Value $null' stores an empty value."));
            return;
        }

        if (!ShouldProcess(key.ToString(), "Write key")) return;
        var options = ExpiresIn is null ? _options : (_options ?? new SetOptions()) with { ExpiresIn = ExpiresIn };
        if (InFile is not null)
        {
            // In its turn: what was begun before may write the same key.
            Drain();
            Send(key, options);
            return;
        }

        var stored = key.Stored(Bare);
        ReadOnlyMemory<byte> bytes;
        try
        {
            bytes = StoredValue.Encode(value, AsJson, Bare || IsBareInSource(key, shown));
        }
        catch (DbaasException fault)
        {
            Refuse(key.Value, fault);
            return;
        }

        var passThru = PassThru.IsPresent;
        Begin(stored, key.Value, async (client, token) =>
        {
            await client.SetAsync(stored, bytes, options, token).ConfigureAwait(false);
            return passThru
                ? new K2hdkcKey(KeyReference.Of(stored))
                {
                    Value = shown,
                    IsBareValue = StoredValue.IsBare(bytes, shown),
                    IsRead = true,
                    Size = bytes.Length
                }
                : null;
        });
    }

    /// <summary>Whether the value is one that another command has read without a trailing NUL, and is written back so.</summary>
    /// <exception cref="DbaasException">That command has not read the value, and writing would empty the key.</exception>
    private bool IsBareInSource(KeyReference key, object? value)
    {
        if (_isValueGiven || key.Source is not { } source || !ReferenceEquals(value, source.Value)) return false;
        return source.HasValue ? source.IsBareValue : throw new DbaasException(
            ErrorKind.InvalidInput, StoredValue.Unfit, $"The value of key '{key}' was not read, so it is not known what to write.",
            "Read it with Get-K2hdkcKey, or give -Value or -InFile.");
    }

    private void Send(KeyReference key, SetOptions? options)
    {
        var client = Client;
        var path = SessionState.Path.GetUnresolvedProviderPathFromPSPath(InFile);
        if (TryRun(key.Value, SendAsync, out var length) && PassThru)
            WriteObject(new K2hdkcKey(key.Exactly(Bare)) { Size = length, File = path });

        async Task<long> SendAsync(CommandOutput output, CancellationToken token)
        {
            try
            {
                var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
                await using (file.ConfigureAwait(false))
                {
                    var whole = Math.Max(file.Length, 1);
                    return await ValueTransfer.WriteAsync(
                        client, key.Stored(Bare), file, options,
                        done => output.Progress($"Writing {key}", $"{done / 1024:N0} of {whole / 1024:N0} KiB", (int)(done * 100 / whole)),
                        token).ConfigureAwait(false);
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new DbaasException(ErrorKind.InvalidInput, "FileUnusable", $"The file {path} cannot be read: {e.Message}",
                    "Check the path and its permissions.", e)
                { Target = path };
            }
        }
    }
}
