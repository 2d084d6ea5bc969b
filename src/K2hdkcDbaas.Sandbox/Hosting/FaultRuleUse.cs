namespace K2hdkcDbaas.Sandbox;

/// <summary>A rule and its use so far.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Hits">Requests it was applied to.</param>
public sealed record FaultRuleUse(FaultRule Rule, int Hits);
