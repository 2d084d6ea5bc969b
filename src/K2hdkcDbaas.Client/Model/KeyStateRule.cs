namespace K2hdkcDbaas.Client.Model;

/// <summary>
/// Tells apart what the servers answer alike ("no data"). Both transports gather the same facts and decide here.
/// </summary>
internal static class KeyStateRule
{
    /// <summary>Decides from a key's attributes alone, or says what else must be known.</summary>
    /// <param name="attributes">The key's attributes.</param>
    /// <param name="now">This host's time.</param>
    /// <returns>Null when the list of subkeys (no attributes) or the raw value (an expiry to come) must decide.</returns>
    public static KeyState? Decide(KeyAttributes attributes, DateTimeOffset now)
    {
        if (attributes.All.Count == 0) return null;
        if (attributes.Expires is { } expires) return expires <= now ? KeyState.Expired : attributes.IsEncrypted ? KeyState.Locked : null;
        return attributes.IsEncrypted ? KeyState.Locked : KeyState.Empty;
    }

    /// <summary>Decides with the further fact that <see cref="Decide(KeyAttributes, DateTimeOffset)"/> asked for.</summary>
    /// <param name="attributes">The key's attributes.</param>
    /// <param name="hasSubkeys">Whether the key has a list of subkeys.</param>
    /// <param name="hasHiddenBytes">Whether bytes are stored that a normal read does not show.</param>
    public static KeyState Decide(KeyAttributes attributes, bool hasSubkeys, bool hasHiddenBytes)
    {
        if (attributes.All.Count == 0) return hasSubkeys ? KeyState.Empty : KeyState.Missing;
        // The server's clock is ahead of ours: it hides what we think is still valid.
        return hasHiddenBytes ? KeyState.Expired : KeyState.Empty;
    }
}
