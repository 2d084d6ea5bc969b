namespace K2hdkcDbaas.Core.Backends;

/// <summary>What a feature's interface is called in messages.</summary>
/// <param name="name">In the plural, such as <c>backups</c>.</param>
[AttributeUsage(AttributeTargets.Interface)]
public sealed class FeatureNameAttribute(string name) : Attribute
{
    /// <summary>In the plural, such as <c>backups</c>.</summary>
    public string Name => name;
}
