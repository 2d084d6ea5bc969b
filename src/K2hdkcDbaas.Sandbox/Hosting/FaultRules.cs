using System.IO.Enumeration;

namespace K2hdkcDbaas.Sandbox;

/// <summary>The fault rules of a sandbox. The first rule that matches a request and is not used up is applied.</summary>
public sealed class FaultRules
{
    private readonly List<Entry> _entries = [];

    /// <summary>The rules with the number of requests that each has hit.</summary>
    public IReadOnlyList<FaultRuleUse> All
    {
        get { lock (_entries) return [.. _entries.Select(e => new FaultRuleUse(e.Rule, e.Hits))]; }
    }

    /// <summary>Adds a rule behind those there are.</summary>
    /// <param name="rule">The rule.</param>
    public void Add(FaultRule rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        lock (_entries) _entries.Add(new Entry(rule));
    }

    /// <summary>Removes all rules.</summary>
    public void Clear()
    {
        lock (_entries) _entries.Clear();
    }

    internal FaultRule? Take(string service, string method, string path)
    {
        lock (_entries)
        {
            foreach (var entry in _entries)
            {
                var rule = entry.Rule;
                if (rule.Count <= entry.Hits || !Matches(rule, service, method, path)) continue;
                if (entry.Seen++ < rule.Skip) continue;
                entry.Hits++;
                return rule;
            }
            return null;
        }
    }

    private static bool Matches(FaultRule rule, string service, string method, string path) =>
        (rule.Service is null || rule.Service.Equals(service, StringComparison.OrdinalIgnoreCase))
        && (rule.Method is null || rule.Method.Equals(method, StringComparison.OrdinalIgnoreCase))
        && (rule.Path is null || FileSystemName.MatchesSimpleExpression(rule.Path, path));

    private sealed class Entry(FaultRule rule)
    {
        public FaultRule Rule { get; } = rule;

        public int Seen { get; set; }

        public int Hits { get; set; }
    }
}
