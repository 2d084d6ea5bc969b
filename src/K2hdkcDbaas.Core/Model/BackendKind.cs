namespace K2hdkcDbaas.Core.Model;

/// <summary>How a cluster is run as a service.</summary>
public enum BackendKind
{
    /// <summary>Nova servers whose configuration K2HR3 holds ("DBaaS CLI" type, no Trove).</summary>
    OpenStack,

    /// <summary>OpenStack Trove with its <c>k2hdkc</c> datastore.</summary>
    Trove,
}
