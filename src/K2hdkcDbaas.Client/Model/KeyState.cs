namespace K2hdkcDbaas.Client.Model;

/// <summary>
/// What a read found. A server answers alike for all states but <see cref="Found"/>, so they are told apart by what else it knows of the
/// key: a stored key has attributes (the servers note its <c>mtime</c>) or subkeys; an <c>expire</c> in the past means expired; an
/// encryption attribute means locked; otherwise the value is empty. Neither attributes nor subkeys: missing. Both transports decide so.
/// </summary>
public enum KeyState
{
    /// <summary>There is no such key, or one that another client stored with neither value, attributes nor subkeys.</summary>
    Missing,

    /// <summary>The key exists, its value is empty.</summary>
    Empty,

    /// <summary>The key has a value.</summary>
    Found,

    /// <summary>The value's time is over. To a reader the key is gone.</summary>
    Expired,

    /// <summary>The value is encrypted, and the pass phrase is missing or wrong.</summary>
    Locked,
}
