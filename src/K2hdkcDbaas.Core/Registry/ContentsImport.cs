using System.Text.Json;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.K2hr3;

namespace K2hdkcDbaas.Core.Registry;

/// <summary>Brings a tenant to what a file says. What the file does not name is left alone, and doing it twice changes nothing.</summary>
public static class ContentsImport
{
    /// <summary>What would have to change.</summary>
    /// <param name="wanted">What the file says.</param>
    /// <param name="held">What K2HR3 holds.</param>
    public static IReadOnlyList<ContentsChange> Compare(K2hr3Contents wanted, K2hr3Contents held)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        ArgumentNullException.ThrowIfNull(held);
        var changes = new List<ContentsChange>();
        foreach (var (name, want) in wanted.Resources)
        {
            var have = held.Resources.GetValueOrDefault(name);
            var add = Adder(changes, "resource", name, have is null);
            if (want.Text is not null) add("text", have?.Text ?? "", want.Text);
            if (want.Data is { } data)
                add("object", have?.Data is { } old && !JsonElement.DeepEquals(old, data)
                    ? old.GetRawText()
                    : have?.Data is null ? null : data.GetRawText(), data.GetRawText());
            if (want.Keys is not null)
            {
                foreach (var key in want.Keys.Keys.Union(have?.Keys?.Keys ?? []).Order(StringComparer.Ordinal))
                {
                    JsonElement? before = have?.Keys is { } keys && keys.TryGetValue(key, out var b) ? b : null;
                    JsonElement? after = want.Keys.TryGetValue(key, out var a) ? a : null;
                    if (before is null || after is null || !JsonElement.DeepEquals(before.Value, after.Value))
                        add("keys." + key, before?.GetRawText(), after?.GetRawText());
                }
            }

            add("aliases", Join(have?.Aliases), want.Aliases is null ? Join(have?.Aliases) : Join(want.Aliases));
            EnsureNew(changes, add, have is null, name);
        }

        foreach (var (name, want) in wanted.Policies)
        {
            var have = held.Policies.GetValueOrDefault(name);
            var add = Adder(changes, "policy", name, have is null);
            if (want.Effect is not null) add("effect", have?.Effect, want.Effect);
            if (want.Actions is not null) add("actions", Join(have?.Actions), Join(want.Actions));
            if (want.Resources is not null) add("resources", Join(have?.Resources), Join(want.Resources));
            if (want.Aliases is not null) add("aliases", Join(have?.Aliases), Join(want.Aliases));
            EnsureNew(changes, add, have is null, name);
        }

        foreach (var (name, want) in wanted.Roles)
        {
            var have = held.Roles.GetValueOrDefault(name);
            var add = Adder(changes, "role", name, have is null);
            if (want.Policies is not null) add("policies", Join(have?.Policies), Join(want.Policies));
            if (want.Aliases is not null) add("aliases", Join(have?.Aliases), Join(want.Aliases));
            foreach (var host in Missing(want, have)) add("hosts", null, host.Format());
            EnsureNew(changes, add, have is null, name);
        }

        return changes;
    }

    /// <summary>Makes the changes, an object at a time: first all without their aliases, which may name one another, then those.</summary>
    /// <param name="k2hr3">The session.</param>
    /// <param name="wanted">What the file says.</param>
    /// <param name="held">What K2HR3 holds.</param>
    /// <param name="objects">Which objects to change, as kind and bare name.</param>
    /// <param name="cancellationToken">Ends the requests.</param>
    /// <exception cref="DbaasException"><c>K2hr3ImportIncomplete</c>, with what was done.</exception>
    public static async Task ApplyAsync(
        K2hr3Client k2hr3, K2hr3Contents wanted, K2hr3Contents held, IReadOnlyCollection<(string Kind, string Name)> objects,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(k2hr3);
        ArgumentNullException.ThrowIfNull(wanted);
        ArgumentNullException.ThrowIfNull(held);
        ArgumentNullException.ThrowIfNull(objects);
        var done = new List<string>();
        var steps = new List<(string Name, Func<Task> Run)>();
        foreach (var (name, want) in wanted.Resources.Where(r => objects.Contains(("resource", r.Key))))
            steps.Add(($"resource {name}", () => SaveAsync(k2hr3, name, want, cancellationToken)));
        foreach (var (name, want) in wanted.Policies.Where(p => objects.Contains(("policy", p.Key))))
            steps.Add(($"policy {name}",
                () => k2hr3.Policies.SaveAsync(
                    want with { Name = name, Aliases = null, Effect = want.Effect ?? (held.Policies.ContainsKey(name) ? null : "deny") },
                    cancellationToken)));
        foreach (var (name, want) in wanted.Roles.Where(r => objects.Contains(("role", r.Key))))
            steps.Add(($"role {name}", () => SaveAsync(k2hr3, name, want, held.Roles.GetValueOrDefault(name), cancellationToken)));
        foreach (var (name, want) in wanted.Resources.Where(
            r => objects.Contains(("resource", r.Key)) && Differ(r.Value.Aliases, held.Resources.GetValueOrDefault(r.Key)?.Aliases)))
            steps.Add(($"aliases of resource {name}",
                () => k2hr3.Resources.SaveAsync(name, new ResourceChange { Aliases = want.Aliases }, cancellationToken)));
        foreach (var (name, want) in wanted.Policies.Where(
            p => objects.Contains(("policy", p.Key)) && Differ(p.Value.Aliases, held.Policies.GetValueOrDefault(p.Key)?.Aliases)))
            steps.Add(($"aliases of policy {name}",
                () => k2hr3.Policies.SaveAsync(new Policy { Name = name, Aliases = want.Aliases }, cancellationToken)));
        foreach (var (name, want) in wanted.Roles.Where(
            r => objects.Contains(("role", r.Key)) && Differ(r.Value.Aliases, held.Roles.GetValueOrDefault(r.Key)?.Aliases)))
            steps.Add(($"aliases of role {name}", () => k2hr3.Roles.SaveAsync(name, null, want.Aliases, cancellationToken)));
        foreach (var (name, run) in steps)
        {
            try
            {
                await run().ConfigureAwait(false);
                done.Add(name);
            }
            catch (DbaasException e) when (e.Kind != ErrorKind.Unauthenticated || done.Count > 0)
            {
                throw new DbaasException(
                    e.Kind, ErrorIds.K2hr3ImportIncomplete,
                    $"The import stopped at {name}: {e.Message} Done before: {(done.Count == 0 ? "nothing" : string.Join(", ", done))}. "
                        + $"Not done: {string.Join(", ", steps.Skip(done.Count).Select(s => s.Name))}.",
                    "Fix the cause and run the same import again: it goes on from there, and what is done is left alone.", e)
                { Target = name };
            }
        }
    }

    private static async Task SaveAsync(K2hr3Client k2hr3, string name, Resource want, CancellationToken cancellationToken)
    {
        await k2hr3.Resources.SaveAsync(name, new ResourceChange { Text = want.Text, Keys = want.Keys },
            cancellationToken).ConfigureAwait(false);
        if (want.Data is { } data)
            await k2hr3.Resources.SaveAsync(name, new ResourceChange { Data = data }, cancellationToken).ConfigureAwait(false);
    }

    private static async Task SaveAsync(K2hr3Client k2hr3, string name, Role want, Role? have, CancellationToken cancellationToken)
    {
        await k2hr3.Roles.SaveAsync(name, want.Policies, null, cancellationToken).ConfigureAwait(false);
        if (Missing(want, have) is { Count: > 0 } hosts)
            await k2hr3.Roles.AddHostsAsync(name, hosts, cancellationToken).ConfigureAwait(false);
    }

    // Hosts are only added: those that a file does not know may have registered since.
    private static List<RoleHost> Missing(Role want, Role? have) =>
        [.. ((IEnumerable<RoleHost>?)want.Hosts ?? []).Where(h => !(have?.Hosts ?? []).Any(known => known.Format() == h.Format()))];

    private static Action<string, string?, string?> Adder(List<ContentsChange> changes, string kind, string name, bool isNew) =>
        (member, before, after) =>
        {
            if (before != after) changes.Add(new ContentsChange(kind, name, isNew, member, before, after));
        };

    // An object with nothing in it is still to be made.
    private static void EnsureNew(List<ContentsChange> changes, Action<string, string?, string?> add, bool isNew, string name)
    {
        if (isNew && (changes.Count == 0 || changes[^1].Name != name || !changes[^1].IsNew)) add("", null, "");
    }

    private static bool Differ(IReadOnlyList<string>? want, IReadOnlyList<string>? have) => want is not null && Join(want) != Join(have);

    private static string Join(IReadOnlyList<string>? names) => string.Join(", ", names ?? []);
}
