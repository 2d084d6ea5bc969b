namespace K2hdkcDbaas.Core.Model;

/// <summary>A Glance image that a node can boot from.</summary>
/// <param name="Id">Glance's id.</param>
/// <param name="Name">Its name; not unique.</param>
public sealed record Image(string Id, string Name)
{
    /// <summary>Glance's status; only <c>active</c> images boot.</summary>
    public string? Status { get; init; }

    /// <summary>Size in bytes; null while it has no data.</summary>
    public long? Size { get; init; }

    /// <summary>Smallest disk that it boots on, in GiB.</summary>
    public int MinDisk { get; init; }

    /// <summary>Least memory that it boots with, in MiB.</summary>
    public int MinRam { get; init; }

    /// <summary>Who sees it: <c>public</c>, <c>private</c>, <c>shared</c>, <c>community</c>.</summary>
    public string? Visibility { get; init; }

    /// <summary>When it was made, in UTC.</summary>
    public DateTimeOffset? Created { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>A Nova flavor: the size of a server.</summary>
/// <param name="Id">Nova's id.</param>
/// <param name="Name">Its name, unique in a cloud.</param>
public sealed record Flavor(string Id, string Name)
{
    /// <summary>Virtual processors.</summary>
    public int VCpus { get; init; }

    /// <summary>Memory in MiB.</summary>
    public int Ram { get; init; }

    /// <summary>Root disk in GiB.</summary>
    public int Disk { get; init; }

    /// <summary>Whether every project may use it.</summary>
    public bool IsPublic { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>A Neutron network that a node can be put on.</summary>
/// <param name="Id">Neutron's id.</param>
/// <param name="Name">Its name; not unique.</param>
public sealed record Network(string Id, string Name)
{
    /// <summary>Neutron's status, such as <c>ACTIVE</c>.</summary>
    public string? Status { get; init; }

    /// <summary>Whether it leads out of the cloud; servers do not boot on such a network by default.</summary>
    public bool IsExternal { get; init; }

    /// <summary>Whether several projects share it.</summary>
    public bool IsShared { get; init; }

    /// <summary>The ids of its subnets; a network without one cannot take a server.</summary>
    public IReadOnlyList<string> Subnets { get; init => field = Indexable.Of(value); } = [];

    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>A Nova key pair for logging in to nodes.</summary>
/// <param name="Name">Its name; Nova has no other key for it.</param>
public sealed record KeyPair(string Name)
{
    /// <summary>The public key's fingerprint.</summary>
    public string? Fingerprint { get; init; }

    /// <summary><c>ssh</c> or <c>x509</c>; null when Nova does not say.</summary>
    public string? Type { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>A Neutron security group.</summary>
/// <param name="Id">Neutron's id.</param>
/// <param name="Name">Its name; not unique.</param>
public sealed record SecurityGroup(string Id, string Name)
{
    /// <summary>What it is for, in its maker's words.</summary>
    public string? Description { get; init; }

    /// <summary>Its rules.</summary>
    public IReadOnlyList<SecurityGroupRule> Rules { get; init => field = Indexable.Of(value); } = [];

    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>One rule of a security group.</summary>
/// <param name="Id">Neutron's id.</param>
/// <param name="Direction"><c>ingress</c> or <c>egress</c>.</param>
/// <param name="Protocol">Such as <c>tcp</c>; null for any.</param>
/// <param name="PortMin">First port; null for any.</param>
/// <param name="PortMax">Last port; null for any.</param>
/// <param name="EtherType"><c>IPv4</c> or <c>IPv6</c>.</param>
public sealed record SecurityGroupRule(string Id, string Direction, string? Protocol, int? PortMin, int? PortMax, string? EtherType)
{
    /// <inheritdoc/>
    public override string ToString() =>
        $"{Direction} {Protocol ?? "any"}{(PortMin is null ? "" : PortMin == PortMax ? $" {PortMin}" : $" {PortMin}-{PortMax}")}";
}

/// <summary>A Trove datastore: a kind of database.</summary>
/// <param name="Id">Trove's id.</param>
/// <param name="Name">Its name; <c>k2hdkc</c> is the one that clusters are made of.</param>
public sealed record Datastore(string Id, string Name)
{
    /// <summary>The version taken when none is named.</summary>
    public string? DefaultVersion { get; init; }

    /// <summary>The names of its versions.</summary>
    public IReadOnlyList<string> Versions { get; init => field = Indexable.Of(value); } = [];

    /// <inheritdoc/>
    public override string ToString() => Name;
}

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
