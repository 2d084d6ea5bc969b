using System.Management.Automation;
using System.Security;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Client.Model;
using K2hdkcDbaas.Completers;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Model;

namespace K2hdkcDbaas.Commands;

/// <summary>Writes a key and puts its name into another key's list of subkeys.</summary>
[Cmdlet(VerbsCommon.Add, "K2hdkcSubkey", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low,
    DefaultParameterSetName = RingSets.Current)]
[OutputType(typeof(K2hdkcKey))]
public sealed class AddK2hdkcSubkeyCommand : DataCmdlet
{
    /// <summary>The parent key, as text or bytes; made when missing.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [KeyArgument]
    [ValidateNotNull]
    public KeyReference Key { get; set; } = null!;

    /// <summary>
    /// The subkey's full name: it is a key like any other, so take one that is unique in the cluster, such as parent/child.
    /// </summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true)]
    [KeyArgument]
    [ArgumentCompleter(typeof(SubkeyCompleter))]
    [ValidateNotNull]
    public KeyReference Subkey { get; set; } = null!;

    /// <summary>The subkey's value: bytes as they are, anything else as text with a trailing NUL.</summary>
    [Parameter(Mandatory = true, Position = 2, ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    public object? Value { get; set; }

    /// <summary>Stores the value as JSON text.</summary>
    [Parameter]
    public SwitchParameter AsJson { get; set; }

    /// <summary>
    /// After what time the value is gone: seconds, text such as 90s, 1h or 30d, or a TimeSpan; a fraction of a second counts as a second.
    /// Never when not given.
    /// </summary>
    [Parameter]
    [Duration]
    public TimeSpan? ExpiresIn { get; set; }

    /// <summary>Encrypts the value on the server with this pass phrase.</summary>
    [Parameter]
    public SecureString? PassPhrase { get; set; }

    /// <summary>Stores text, in keys and value, without the trailing NUL.</summary>
    [Parameter]
    public SwitchParameter Bare { get; set; }

    /// <summary>Returns the subkey.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (!ShouldProcess($"{Subkey} below {Key}", "Write subkey")) return;
        try
        {
            var (client, value) = (Client, StoredValue.Encode(Value, AsJson, Bare));
            var options = new SetOptions { ExpiresIn = ExpiresIn, PassPhrase = Secret.Reveal(PassPhrase) };
            var done = Run(Subkey.Value, (_, token) => client.AddSubkeyAsync(Key.Stored(Bare), Subkey.Stored(Bare), value, options, token));
            if (done && PassThru)
                WriteObject(new K2hdkcKey(Subkey.Exactly(Bare))
                {
                    Value = Value,
                    IsBareValue = StoredValue.IsBare(value, Value),
                    IsRead = true,
                    Size = value.Length,
                    Parent = Key.Value,
                    Depth = 1
                });
        }
        catch (DbaasException fault)
        {
            Fail(fault, Subkey.Value);
        }
    }
}
