using System.IO.Enumeration;
using System.Text.Json.Serialization;

namespace K2hdkcDbaas.Sandbox;

/// <summary>What a fault rule does to a request.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<FaultAction>))]
public enum FaultAction
{
    /// <summary>Only waits, then lets the service answer.</summary>
    Delay,

    /// <summary>Answers with a status and the service's own error body; nothing is changed.</summary>
    Status,

    /// <summary>Closes the connection without an answer. An HTTP client may repeat the request by itself on a fresh connection, then give a higher count.</summary>
    Cut,

    /// <summary>Sends half of the body that was announced, then closes the connection.</summary>
    HalfBody,

    /// <summary>Answers 200 with a body that is no JSON.</summary>
    Garbage,
}

/// <summary>A fault to throw at matching requests.</summary>
public sealed record FaultRule
{
    /// <summary>Name for the list of calls; the action's name when left out.</summary>
    public string? Name { get; set; }

    /// <summary>Service it is for (nova, k2hr3 ...); null is any.</summary>
    public string? Service { get; set; }

    /// <summary>HTTP method; null is any.</summary>
    public string? Method { get; set; }

    /// <summary>Pattern of the path without query, * for any characters (also slashes) and ? for one; null is any.</summary>
    public string? Path { get; set; }

    /// <summary>Matching requests to let pass first.</summary>
    public int Skip { get; set; }

    /// <summary>How many requests it hits; null is all.</summary>
    public int? Count { get; set; } = 1;

    /// <summary>What it does.</summary>
    public FaultAction Action { get; set; } = FaultAction.Status;

    /// <summary>Real milliseconds to wait first, with any action.</summary>
    public int DelayMilliseconds { get; set; }

    /// <summary>Status for <see cref="FaultAction.Status"/>.</summary>
    public int Status { get; set; } = 503;

    /// <summary>Message in the error body; the service's usual one for the status when left out.</summary>
    public string? Message { get; set; }

    /// <summary>Value of a Retry-After header (seconds or a date); null sends none.</summary>
    public string? RetryAfter { get; set; }

    /// <summary>True does the request's work first and spoils only its answer, as when a connection breaks on the way back.</summary>
    public bool AfterWork { get; set; }
}

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

/// <summary>A rule and its use so far.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Hits">Requests it was applied to.</param>
public sealed record FaultRuleUse(FaultRule Rule, int Hits);
