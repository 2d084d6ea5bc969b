using K2hdkcDbaas.Sandbox.K2hr3.Http;
using K2hdkcDbaas.Sandbox.K2hr3.Store;
using K2hdkcDbaas.Templates;

namespace K2hdkcDbaas.Sandbox.K2hr3.Routes;

/// <summary>Reads resources with their text expanded: looks up what the template names, then runs it.</summary>
internal sealed class ResourceExpansion(ResourceStore resources, RoleStore roles, K2hr3Version version)
{
    /// <summary>Reads a resource.</summary>
    /// <param name="resource">Which one.</param>
    /// <param name="tenant">Whose roles the template may look up.</param>
    /// <param name="expand">Whether parents and aliases are merged and the text is expanded.</param>
    /// <exception cref="K2hr3Refusal">404: there is none, or its template fails.</exception>
    public ResourceView Read(Yrn resource, string tenant, bool expand)
    {
        var full = resource.ToString();
        var view = resources.Read(full, expand) ?? throw new K2hr3Refusal(404, $"Could not get resource data for resource yrn: {full}");
        if (!expand || string.IsNullOrEmpty(view.Text))
        {
            return view;
        }

        var text = view.Text;
        try
        {
            var template = K2hr3Template.Load(text, version);
            var keys = view.Keys ?? [];
            foreach (var name in template.Variables)
            {
                LookUp(name, keys, tenant, resource.Service);
            }

            if (view.Keys is null && version == K2hr3Version.V2 && keys.Count > 0)
            {
                view.Keys = keys;
            }

            view.Text = view.Keys is null ? RunWithoutKeys(template, keys) : template.Execute(keys);
        }
        catch (TemplateException e) when (e.Kind == TemplateErrorKind.Load)
        {
            throw new K2hr3Refusal(404, $"Could not load resource for template engine: {Quote(text)}");
        }
        catch (TemplateException e) when (e.Kind == TemplateErrorKind.Execute)
        {
            throw new K2hr3Refusal(404,
                $"failed to expand {Quote(full)} and to execute template engine. there is something wrong in template string : "
                    + $"{Quote(text)}");
        }
        catch (TemplateException)
        {
            throw new K2hr3Refusal(500, "Internal server error");
        }

        return view;
    }

    /// <summary>A resource as a user reads it.</summary>
    public TemplateMap Describe(Yrn resource, string tenant, bool expand)
    {
        var view = Read(resource, tenant, expand);
        var keys = view.Keys;
        if (keys is not null)
        {
            // Keys are merged under their full names too; a reply leaves those out.
            foreach (var name in keys.Keys.Where(name => name.StartsWith("yrn:", StringComparison.Ordinal)).ToList())
            {
                keys.Remove(name);
            }
        }

        var reply = new TemplateMap { ["string"] = view.Text, ["object"] = view.Object, ["keys"] = keys };
        if (view.Expires is null)
        {
            reply["expire"] = null;
        }

        if (!expand)
        {
            reply["aliases"] = (view.Aliases ?? []).ToJson();
        }

        return reply;
    }

    // A resource that has no keys at all (not even an empty set) gives its template no variables to keep: the older release forgets
    // them from one statement to the next, the newer one fails.
    private string RunWithoutKeys(K2hr3Template template, TemplateMap found)
    {
        if (version == K2hr3Version.V2)
        {
            throw new TemplateException(TemplateErrorKind.Execute, "There are no variables.");
        }

        return found.Count > 0
            ? throw new TemplateException(TemplateErrorKind.Crash, "There is no place for what was looked up.")
            : template.ExecuteForgetting();
    }

    private string Quote(string text) => version == K2hr3Version.V1 ? text : TemplateJson.Write(text);

    private void LookUp(string name, TemplateMap keys, string tenant, string service)
    {
        if (keys.Get(name) is not null || !TemplateLookup.TryParse(name, out var lookup))
        {
            return;
        }

        if (lookup.Kind == TemplateLookupKind.ResourceKey)
        {
            foreach (var (key, value) in resources.Read(lookup.Target.ToString(), expand: false)?.Keys ?? [])
            {
                keys[key] = value;
            }
        }
        else if (lookup.Kind == TemplateLookupKind.Resource)
        {
            if (resources.Read(lookup.Target.ToString(), expand: false) is { } view
                && (view.Object ?? (string.IsNullOrEmpty(view.Text) ? null : view.Text)) is { } data)
            {
                keys[name] = data;
            }
        }
        else if (lookup.Target.Tenant == tenant && lookup.Target.Service == service)
        {
            var found = new TemplateMap();
            var tree = roles.Tree(lookup.Target.ToString()).Select(each => each.Value).ToList();
            Add(found, lookup.WantsAddresses ? tree.SelectMany(each => each.Addresses.Values) : []);
            Add(found, lookup.WantsNames ? tree.SelectMany(each => each.HostNames.Values) : []);
            keys[name] = found;
        }
    }

    private void Add(TemplateMap found, IEnumerable<HostRecord> hosts)
    {
        foreach (var host in hosts)
        {
            new TemplateHost(host.Name, host.Port)
            {
                Cuk = host.Cuk,
                Extra = host.Extra,
                Tag = host.Tag,
                InboundIp = host.InboundIp,
                OutboundIp = host.OutboundIp
            }
                .AddTo(found, version);
        }
    }
}
