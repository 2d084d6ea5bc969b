namespace K2hdkcDbaas.OpenStack.Trove;

/// <summary>Where an instance is plugged in.</summary>
public sealed record DatabaseNic
{
    /// <summary>The network's id. Never <c>net-id</c>: Trove 18 answers 500 to it.</summary>
    public required string NetworkId { get; init; }

    /// <summary>The subnet's id.</summary>
    public string? SubnetId { get; init; }

    /// <summary>The address wanted.</summary>
    public string? IpAddress { get; init; }
}
