namespace K2hdkcDbaas.Protocol.Hashing;

/// <summary>What a ring makes its node ids from (<c>CHMPXIDTYPE</c>); all nodes of a ring must agree.</summary>
public enum NodeIdType
{
    /// <summary>Host name and control port.</summary>
    Name,

    /// <summary>The node's CUK, a unique key given from outside (in a cloud: the instance id).</summary>
    Cuk,

    /// <summary>The list of control endpoints; a node without any is named like <see cref="Name"/>.</summary>
    ControlEndpoints,

    /// <summary>A free seed (<c>CUSTOM_ID_SEED</c>).</summary>
    Custom,
}
