namespace K2hdkcDbaas.Protocol.Values;

/// <summary>Names of the attributes that servers set by themselves, without their trailing NUL.</summary>
public static class AttributeNames
{
    /// <summary>When the value was written.</summary>
    public const string Modified = "mtime";

    /// <summary>When the value ends.</summary>
    public const string Expires = "expire";

    /// <summary>The value is encrypted (default method); holds a hash of the pass phrase.</summary>
    public const string EncryptedPbkdf2 = "aes256_cbc_pad.pbkdf2.sha256";

    /// <summary>The value is encrypted (older method); holds a hash of the pass phrase.</summary>
    public const string EncryptedMd5 = "aes256md5";

    /// <summary>Id of this version of the value, where history is kept.</summary>
    public const string UniqueId = "uniqid";

    /// <summary>Id of the version before.</summary>
    public const string ParentUniqueId = "parentuniqid";

    /// <summary>Marks an older version.</summary>
    public const string HistoryMark = "hismark";
}
