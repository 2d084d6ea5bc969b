namespace K2hdkcDbaas.Client.Model;

/// <summary>
/// Whom a read asks. A change of the ring moves keys to holders that may have no copy of them; a server answers "not here" and "not there
/// at all" alike, so a client that asks the first holder alone cannot see such keys. Of several copies the one written last wins
/// (<c>mtime</c>); where servers keep no times nothing can be told, and the first copy found in ring order is taken.
/// </summary>
public enum ReadPolicy
{
    /// <summary>
    /// The first holder alone, as other clients do. No read costs more than one request and what tells an empty value from a missing key.
    /// </summary>
    FirstHolder,

    /// <summary>
    /// The others too, when the first holder does not have the key and the ring changes or has changed lately. A copy on a server that is
    /// no holder any more counts only while the ring changes: a key that was removed then leaves a mark, and after it none.
    /// </summary>
    WhileChanging,

    /// <summary>
    /// The others whenever the first holder does not have the key, and any copy counts. It finds all that is there; a key that was removed
    /// can come back from a server that is no holder any more.
    /// </summary>
    AllMembers,
}
