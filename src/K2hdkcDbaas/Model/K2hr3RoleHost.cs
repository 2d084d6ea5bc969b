namespace K2hdkcDbaas.Model;

/// <summary>A host of a K2HR3 role.</summary>
/// <param name="Role">The role's name.</param>
/// <param name="HostName">Its address or name.</param>
/// <param name="Port">Its port; 0 for any.</param>
/// <param name="Cuk">Its custom unique key, the server's id on OpenStack; empty for none.</param>
/// <param name="Extra">How it was registered; empty by hand.</param>
/// <param name="Tag">The guest's full host name; empty for none.</param>
/// <param name="InboundIp">The address it is called by from inside; empty for none.</param>
/// <param name="OutboundIp">The address it calls from; empty for none.</param>
public sealed record K2hr3RoleHost(
    string Role, string HostName, int Port, string Cuk, string Extra, string Tag, string InboundIp, string OutboundIp)
{
    /// <inheritdoc/>
    public override string ToString() => HostName;
}
