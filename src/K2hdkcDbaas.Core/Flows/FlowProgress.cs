namespace K2hdkcDbaas.Core.Flows;

/// <summary>Where a flow stands.</summary>
/// <param name="Activity">The whole, such as <c>Creating cluster demo</c>.</param>
/// <param name="Status">The part being done, such as <c>3 of 8 nodes registered</c>.</param>
/// <param name="Percent">0 to 100; null when the length is not known.</param>
public sealed record FlowProgress(string Activity, string Status, int? Percent = null);
