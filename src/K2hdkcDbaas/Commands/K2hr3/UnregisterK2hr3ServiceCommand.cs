using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Completers;

namespace K2hdkcDbaas.Commands;

/// <summary>Gives a service up for the session's tenant: what K2HR3 gave with it is removed.</summary>
[Cmdlet(VerbsLifecycle.Unregister, "K2hr3Service", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(string))]
public sealed class UnregisterK2hr3ServiceCommand : SessionCmdlet
{
    /// <summary>The service, by name.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(K2hr3ServiceCompleter))]
    [Alias("Name")]
    [ValidateNotNullOrEmpty]
    [NameArgument(ObjectKind.Service)]
    public string Service { get; set; } = null!;

    /// <summary>Returns the name of the service that was given up.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (!ShouldProcess(Service, "Give up K2HR3 service")) return;
        var name = K2hr3Names.Normal(Service);
        if (RunK2hr3(Service, (k2hr3, _, token) => k2hr3.Acr.LeaveAsync(name, token)) && PassThru) WriteObject(name);
    }
}
