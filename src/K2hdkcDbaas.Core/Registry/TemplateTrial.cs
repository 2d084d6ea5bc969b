using K2hdkcDbaas.Errors;
using K2hdkcDbaas.K2hr3;
using K2hdkcDbaas.Templates;

namespace K2hdkcDbaas.Core.Registry;

/// <summary>Runs a template on this machine, with what K2HR3 would look up: given by hand, or read from a live K2HR3.</summary>
/// <param name="keys">The variables: keys of the resource, its aliases and ancestors.</param>
/// <param name="roles">Hosts by role, bare or full name.</param>
/// <param name="live">Where to look up what was not given; null for nowhere.</param>
/// <param name="tenant">The tenant whose roles may be looked up; null without a live K2HR3.</param>
public sealed class TemplateTrial(TemplateMap keys, IReadOnlyDictionary<string, IReadOnlyList<RoleHost>> roles, K2hr3Client? live = null,
    string? tenant = null)
{
    /// <summary>Expands a template.</summary>
    /// <param name="text">Its text.</param>
    /// <param name="version">Whose rules hold.</param>
    /// <param name="cancellationToken">Ends the look-ups.</param>
    /// <exception cref="DbaasException"><c>K2hr3TemplateInvalid</c>, with line and column.</exception>
    public async Task<(TemplateExpansion Expansion, TemplateMap Variables)> ExpandAsync(string text, K2hr3Version version,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(text);
        // A run changes its variables, and so does a second one with the other rules.
        var variables = TemplateJson.Copy(keys);
        if (text.Length == 0) return (new TemplateExpansion("", []), variables);
        try
        {
            var template = K2hr3Template.Load(text, version);
            foreach (var name in template.Variables.Distinct(StringComparer.Ordinal))
            {
                if (variables.TryGetValue(name, out var known) && known is not null) continue;
                if (TemplateLookup.TryParse(name, out var lookup))
                    await LookUpAsync(name, lookup, variables, version, cancellationToken).ConfigureAwait(false);
            }

            return (template.Expand(variables), variables);
        }
        catch (TemplateException e)
        {
            var release = version == K2hr3Version.V1 ? "1.0.42" : "2.0.3";
            var what = e.Kind == TemplateErrorKind.Load ? "cannot be read as a template" : "fails when it runs";
            throw new DbaasException(
                ErrorKind.InvalidInput, ErrorIds.K2hr3TemplateInvalid, $"The text {what} (k2hr3_api {release}). {e.Message}",
                "Fix the text there. K2HR3 would answer 404 to whoever reads such a resource.", e);
        }
    }

    private async Task LookUpAsync(string name, TemplateLookup lookup, TemplateMap variables, K2hr3Version version,
        CancellationToken cancellationToken)
    {
        switch (lookup.Kind)
        {
            case TemplateLookupKind.Resource when live is not null:
                if (await ResourceAsync(lookup.Target, cancellationToken).ConfigureAwait(false) is not { } resource) return;
                var data = resource.Data is { } element ? TemplateJson.ToValue(element) : null;
                data ??= string.IsNullOrEmpty(resource.Text) ? null : resource.Text;
                if (data is not null) variables[name] = data;
                return;
            case TemplateLookupKind.ResourceKey when live is not null:
                if (await ResourceAsync(lookup.Target, cancellationToken).ConfigureAwait(false) is not { Keys: { } found }) return;
                foreach (var (key, value) in found) variables[key] = TemplateJson.ToValue(value);
                return;
            case TemplateLookupKind.Resource or TemplateLookupKind.ResourceKey:
                return;
            default:
                if (await HostsAsync(lookup.Target, cancellationToken).ConfigureAwait(false) is not { } hosts) return;
                var map = new TemplateMap();
                // K2HR3 gives the hosts in the order of their keys, those known by address first.
                foreach (var host in hosts.Where(h => h.IsAddress ? lookup.WantsAddresses : lookup.WantsNames).OrderBy(h => !h.IsAddress)
                    .ThenBy(h => $"{h.Host} {h.Port} {h.Cuk}", StringComparer.Ordinal))
                    Show(host).AddTo(map, version);
                variables[name] = map;
                return;
        }
    }

    private async Task<IReadOnlyList<RoleHost>?> HostsAsync(Yrn role, CancellationToken cancellationToken)
    {
        var given = roles.Where(r => Names(r.Key, role)).SelectMany(r => r.Value).ToArray();
        if (given.Length > 0 || roles.Keys.Any(r => Names(r, role))) return given;
        if (live is null || role.Tenant != tenant || role.Service.Length > 0) return null;
        var tree = await live.Lists.GetAsync(ListKind.Role, role.Name, deep: true, cancellationToken).ConfigureAwait(false);
        var hosts = new List<RoleHost>();
        foreach (var name in NameTrees.Flat(tree, role.Name + "/").Prepend(role.Name))
            hosts.AddRange((await live.Roles.GetAsync(name, cancellationToken).ConfigureAwait(false)).Hosts);
        return hosts;
    }

    // A role that was given counts for the roles above it as well, as in K2HR3.
    private static bool Names(string given, Yrn role) =>
        Yrn.NameOf(given) is var name && (!Yrn.IsFull(given) || Yrn.TenantOf(given) == role.Tenant)
        && (name.Equals(role.Name, StringComparison.OrdinalIgnoreCase)
            || name.StartsWith(role.Name + "/", StringComparison.OrdinalIgnoreCase));

    private async Task<Resource?> ResourceAsync(Yrn resource, CancellationToken cancellationToken)
    {
        try
        {
            return await live!.Resources.GetAsync(resource.ToString(), expand: false, cancellationToken).ConfigureAwait(false);
        }
        catch (DbaasException e) when (e.Kind is ErrorKind.NotFound or ErrorKind.InvalidInput)
        {
            return null;
        }
    }

    private static TemplateHost Show(RoleHost host) => new(host.Host, host.Port)
    {
        Cuk = Some(host.Cuk),
        Extra = Some(host.Extra),
        Tag = Some(host.Tag),
        InboundIp = Some(host.InboundIp),
        OutboundIp = Some(host.OutboundIp),
    };

    private static string? Some(string text) => text.Length == 0 ? null : text;
}
