using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Completers;
using K2hdkcDbaas.K2hr3;
using K2hdkcDbaas.Model;
using K2hdkcDbaas.Templates;

namespace K2hdkcDbaas.Commands;

/// <summary>
/// Gets the resources that a service lends to a client, as the service's own hosts see them. It is asked without a token: K2HR3 must see
/// the machine that this runs on as a host of the service's role.
/// </summary>
[Cmdlet(VerbsCommon.Get, "K2hr3ServiceResource")]
[OutputType(typeof(K2hr3ServiceResource))]
public sealed class GetK2hr3ServiceResourceCommand : SessionCmdlet
{
    /// <summary>The service, by name.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(K2hr3ServiceCompleter))]
    [Alias("Name")]
    [ValidateNotNullOrEmpty]
    [NameArgument(ObjectKind.Service)]
    public string Service { get; set; } = null!;

    /// <summary>The client's address.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    public string ClientAddress { get; set; } = null!;

    /// <summary>
    /// A role that the client is in, by full name. It must reach by an alias the role that its tenant got with the service.
    /// </summary>
    [Parameter(Mandatory = true, Position = 2)]
    [ArgumentCompleter(typeof(K2hr3RoleCompleter))]
    [ValidateNotNullOrEmpty]
    public string ClientRole { get; set; } = null!;

    /// <summary>A role of the service's owner that this machine is in, by name or full name.</summary>
    [Parameter(Mandatory = true, Position = 3)]
    [ArgumentCompleter(typeof(K2hr3RoleCompleter))]
    [ValidateNotNullOrEmpty]
    public string ServiceRole { get; set; } = null!;

    /// <summary>The client's port, where its role has it with one.</summary>
    [Parameter]
    [ValidateRange(0, 65535)]
    public int? ClientPort { get; set; }

    /// <summary>The client's custom unique key, where its role has it with one.</summary>
    [Parameter]
    public string? ClientCuk { get; set; }

    /// <summary>This machine's port, where the service's role has it with one.</summary>
    [Parameter]
    [ValidateRange(0, 65535)]
    public int? ServicePort { get; set; }

    /// <summary>This machine's custom unique key, where the service's role has it with one.</summary>
    [Parameter]
    public string? ServiceCuk { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => RunK2hr3(Service, async (k2hr3, output, token) =>
    {
        var name = K2hr3Names.Normal(Service);
        var tenant = await K2hr3Names.TenantAsync(k2hr3, token).ConfigureAwait(false);
        var client = new AcrClientHost(ClientAddress, K2hr3Names.FullAnywhere(YrnKind.Role, tenant, [ClientRole])![0], ClientPort,
            ClientCuk);
        var host = new AcrServiceHost(K2hr3Names.FullAnywhere(YrnKind.Role, tenant, [ServiceRole])![0], ServicePort, ServiceCuk);
        foreach (var lent in await k2hr3.Acr.GetResourcesAsync(name, client, host, token).ConfigureAwait(false))
            await output.WriteAsync(K2hr3Names.Show(name, lent), token).ConfigureAwait(false);
    });
}
