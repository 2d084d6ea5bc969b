namespace K2hdkcDbaas.Core.Ring;

/// <summary>One step of a change.</summary>
/// <param name="Number">Its place, from 1.</param>
/// <param name="Member">Whom it concerns; all members when empty.</param>
/// <param name="Action">What is done.</param>
/// <param name="ShareAtRisk">The share of all keys, from 0 to 1, that the new ring would not find if the change were made now.</param>
public sealed record RingStep(int Number, string Member, string Action, double ShareAtRisk);
