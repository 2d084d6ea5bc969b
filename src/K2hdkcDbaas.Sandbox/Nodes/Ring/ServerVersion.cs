namespace K2hdkcDbaas.Sandbox.Nodes.Ring;

/// <summary>The chmpx release that a node gives itself out for.</summary>
internal static class ServerVersion
{
    public const ulong Number = (1UL << 32) | 113;
    public const string Text = "1.0.113";
    public const string Commit = "c569e0e";
}
