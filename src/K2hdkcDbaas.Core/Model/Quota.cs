namespace K2hdkcDbaas.Core.Model;

/// <summary>How much of something the project may have.</summary>
/// <param name="Service">Whose rule it is: the engine's name, such as <c>Nova</c>.</param>
/// <param name="Resource">Of what: <c>instances</c>, <c>cores</c>, <c>ram</c> (MiB), <c>volumes</c> (GiB), <c>backups</c>.</param>
/// <param name="Limit">How much; -1 is no limit.</param>
public sealed record Quota(string Service, string Resource, long Limit)
{
    /// <summary>How much there is now.</summary>
    public long InUse { get; init; }

    /// <summary>How much is set aside for what is being made.</summary>
    public long Reserved { get; init; }

    /// <summary>How much is left; null without a limit.</summary>
    public long? Free => Limit < 0 ? null : Math.Max(0, Limit - InUse - Reserved);

    /// <inheritdoc/>
    public override string ToString() => $"{Resource}: {InUse} of {(Limit < 0 ? "any number" : Limit)}";
}
