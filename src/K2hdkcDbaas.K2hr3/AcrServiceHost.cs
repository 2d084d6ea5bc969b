namespace K2hdkcDbaas.K2hr3;

/// <summary>A host of the service itself.</summary>
/// <param name="Role">The full yrn of a role of the service's owner that it is in.</param>
/// <param name="Port">Its port; null for any.</param>
/// <param name="Cuk">Its custom unique key; null for none.</param>
public sealed record AcrServiceHost(string Role, int? Port = null, string? Cuk = null);
