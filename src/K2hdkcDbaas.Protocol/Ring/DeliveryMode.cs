namespace K2hdkcDbaas.Protocol.Ring;

/// <summary>How a ring spreads keys over its servers (<c>DELIVERMODE</c>).</summary>
public enum DeliveryMode
{
    /// <summary>By the key's hash.</summary>
    Hash,

    /// <summary>Any server in turn; there are no replicas.</summary>
    Random,
}
