using K2hdkcDbaas.Binding;

namespace K2hdkcDbaas.Model;

/// <summary>A name in a key's list of subkeys. Its Key pipes into every command that takes a key.</summary>
public sealed class K2hdkcSubkey : IKeyBearer
{
    /// <summary>The subkey: a key like any other. Text, or bytes where it is no text.</summary>
    public required object Key { get; init; }

    /// <summary>The key in whose list it stands.</summary>
    public required object Parent { get; init; }

    /// <summary>How many steps below the key that was asked for.</summary>
    public int Depth { get; init; }

    /// <summary>Whether the subkey is text stored without the usual trailing NUL.</summary>
    public bool IsBare { get; init; }

    KeyReference? IKeyBearer.Reference => KeyReference.Of(Key, IsBare);

    /// <inheritdoc/>
    public override string ToString() => Key as string ?? "0x" + Convert.ToHexString((byte[])Key);
}
