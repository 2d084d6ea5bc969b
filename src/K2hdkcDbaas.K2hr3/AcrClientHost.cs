namespace K2hdkcDbaas.K2hr3;

/// <summary>A host that uses a service.</summary>
/// <param name="Address">Its address.</param>
/// <param name="Role">The full yrn of a role that it is in, and that has an alias of the role which its tenant got with the
/// service.</param>
/// <param name="Port">Its port; null for any.</param>
/// <param name="Cuk">Its custom unique key; null for none.</param>
public sealed record AcrClientHost(string Address, string Role, int? Port = null, string? Cuk = null);
