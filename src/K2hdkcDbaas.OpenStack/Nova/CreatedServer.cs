namespace K2hdkcDbaas.OpenStack.Nova;

/// <summary>What Nova answers to a create: not yet the server, but its id.</summary>
/// <param name="Id">The new server's id.</param>
public sealed record CreatedServer(string Id);
