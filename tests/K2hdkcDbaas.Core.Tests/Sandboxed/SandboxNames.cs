namespace K2hdkcDbaas.Core.Tests.Sandboxed;

/// <summary>What the sandbox's cloud holds from the start.</summary>
internal static class SandboxNames
{
    public const string Image = "lab-image";
    public const string Flavor = "lab.small";
    public const string Network = "private";
}
