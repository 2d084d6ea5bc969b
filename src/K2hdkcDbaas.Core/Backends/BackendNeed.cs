namespace K2hdkcDbaas.Core.Backends;

/// <summary>What a session lacks that an engine needs.</summary>
/// <param name="ErrorId">The stable id of the error, from <see cref="ErrorIds"/>.</param>
/// <param name="Reason">Why there is no such back end, as the end of a sentence without its full stop.</param>
/// <param name="NextStep">What to do: one sentence.</param>
public sealed record BackendNeed(string ErrorId, string Reason, string NextStep);
