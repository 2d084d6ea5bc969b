namespace K2hdkcDbaas.Core.Model;

/// <summary>
/// Something meant by name, by id, or by the object itself. An object or a UUID is used as it is; a name costs one look-up,
/// and is refused when several things bear it.
/// </summary>
public sealed record Reference
{
    /// <summary>Refers by name or id.</summary>
    /// <param name="nameOrId">The name or id; not empty.</param>
    public Reference(string nameOrId)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(nameOrId);
        Text = nameOrId;
        IsId = Guid.TryParseExact(nameOrId, "D", out _);
    }

    /// <summary>Refers to this image.</summary>
    /// <param name="image">The image.</param>
    public Reference(Image image) => (Text, IsId) = (NotNull(image).Id, true);

    /// <summary>Refers to this flavor.</summary>
    /// <param name="flavor">The flavor.</param>
    public Reference(Flavor flavor) => (Text, IsId) = (NotNull(flavor).Id, true);

    /// <summary>Refers to this network.</summary>
    /// <param name="network">The network.</param>
    public Reference(Network network) => (Text, IsId) = (NotNull(network).Id, true);

    /// <summary>Refers to this key pair.</summary>
    /// <param name="keyPair">The key pair.</param>
    public Reference(KeyPair keyPair) => (Text, IsId) = (NotNull(keyPair).Name, true);

    /// <summary>Refers to this security group.</summary>
    /// <param name="group">The security group.</param>
    public Reference(SecurityGroup group) => (Text, IsId) = (NotNull(group).Id, true);

    /// <summary>Refers to this configuration group.</summary>
    /// <param name="group">The configuration group.</param>
    public Reference(ConfigurationGroup group) => (Text, IsId) = (NotNull(group).Id, true);

    /// <summary>The name or id.</summary>
    public string Text { get; }

    /// <summary>Whether <see cref="Text"/> is known to be an id, so that no look-up is needed.</summary>
    public bool IsId { get; }

    /// <summary>Refers by name or id.</summary>
    /// <param name="nameOrId">The name or id.</param>
    public static implicit operator Reference(string nameOrId) => new(nameOrId);

    /// <inheritdoc/>
    public override string ToString() => Text;

    private static T NotNull<T>(T value)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(value);
        return value;
    }
}
