namespace K2hdkcDbaas.OpenStack.Trove;

/// <summary>What Trove tells of an instance in a list of names.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
public sealed record InstanceReference(string Id, string Name);
