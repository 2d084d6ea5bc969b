using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Completers;
using K2hdkcDbaas.Core.Registry;
using K2hdkcDbaas.Templates;

namespace K2hdkcDbaas.Commands;

/// <summary>Says whether a role or a host may read or write a resource, and by which policy through which roles and aliases.</summary>
[Cmdlet(VerbsDiagnostic.Test, "K2hr3Access", DefaultParameterSetName = "Role")]
[OutputType(typeof(AccessDecision))]
public sealed class TestK2hr3AccessCommand : SessionCmdlet
{
    /// <summary>The resource, by name or full name.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(K2hr3ResourceCompleter))]
    [ValidateNotNullOrEmpty]
    public string Resource { get; set; } = null!;

    /// <summary>What is to be done with it; read when not given.</summary>
    [Parameter(Position = 1)]
    [ValidateSet("read", "write")]
    public string Action { get; set; } = "read";

    /// <summary>The role, by name or full name; every role when neither role nor host is given.</summary>
    [Parameter(Position = 2, ParameterSetName = "Role")]
    [ArgumentCompleter(typeof(K2hr3RoleCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Role { get; set; }

    /// <summary>A host, by address, name or cuk: all roles are asked that it is a member of.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Host")]
    [Alias("Host")]
    [ValidateNotNullOrEmpty]
    public string HostName { get; set; } = null!;

    /// <inheritdoc/>
    protected override void ProcessRecord() => RunK2hr3(Resource, async (k2hr3, output, token) =>
    {
        var tenant = await K2hr3Names.TenantAsync(k2hr3, token).ConfigureAwait(false);
        var resource = K2hr3Names.Own(YrnKind.Resource, tenant, Resource);
        var role = Role is null ? null : K2hr3Names.Own(YrnKind.Role, tenant, Role);
        var contents = await K2hr3Contents.ReadAsync(k2hr3, tenant, token).ConfigureAwait(false);
        if (!contents.Resources.ContainsKey(resource.Name)) throw K2hr3Names.NotFound(K2hdkcDbaas.K2hr3.ListKind.Resource, Resource);
        if (role is not null && !contents.Roles.ContainsKey(role.Name)) throw K2hr3Names.NotFound(K2hdkcDbaas.K2hr3.ListKind.Role, Role!);
        var rules = new AccessRules(contents);
        IEnumerable<AccessDecision> decisions = ParameterSetName == "Host"
            ? rules.RolesOf(HostName).Select(r => rules.Decide(r, resource, Action))
            : role is null ? rules.Of(resource, Action)
            : [rules.Decide(role, resource, Action)];
        foreach (var decision in decisions) await output.WriteAsync(decision, token).ConfigureAwait(false);
    });
}
