namespace K2hdkcDbaas.Client.Model;

/// <summary>The ring, or a connection, has changed.</summary>
/// <param name="ring">The ring as it is now.</param>
/// <param name="reason">What happened, in a few words.</param>
public sealed class RingChangedEventArgs(RingSnapshot ring, string reason) : EventArgs
{
    /// <summary>The ring as it is now.</summary>
    public RingSnapshot Ring { get; } = ring;

    /// <summary>What happened, in a few words.</summary>
    public string Reason { get; } = reason;
}
