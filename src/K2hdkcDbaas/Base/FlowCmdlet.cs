using System.Management.Automation;
using System.Reflection;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Completers;
using K2hdkcDbaas.Core.Flows;

namespace K2hdkcDbaas.Base;

/// <summary>A cmdlet that starts something long in the cloud and can wait for it.</summary>
public abstract class FlowCmdlet : SessionCmdlet, IBackendChoice
{
    /// <summary>The engine that runs the cluster, such as Nova or Trove; the session's when not given.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(BackendNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Backend { get; set; }

    /// <summary>Waits until the wanted state is reached: nodes run and are registered, or what was removed is gone.</summary>
    [Parameter]
    public SwitchParameter Wait { get; set; }

    /// <summary>How long <c>-Wait</c> waits: seconds, text such as 90s, 5m or 1h, or a TimeSpan; 900 seconds when not given.</summary>
    [Parameter]
    [Duration(AtMost = 86400)]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(900);

    /// <summary>
    /// Whether what would be done is only shown, or asked about first: then what can be known to fail, and what the change would come to,
    /// is looked at before that.
    /// </summary>
    internal bool AsksFirst => IsWhatIf || (MyInvocation.BoundParameters.TryGetValue("Confirm", out var confirm)
        ? LanguagePrimitives.IsTrue(confirm)
        : GetVariableValue("ConfirmPreference") is ConfirmImpact from && from is not ConfirmImpact.None && from <= Impact);

    /// <summary>Whether what would be done is only shown.</summary>
    internal bool IsWhatIf =>
        LanguagePrimitives.IsTrue(
            MyInvocation.BoundParameters.TryGetValue("WhatIf", out var given) ? given : GetVariableValue("WhatIfPreference"));

    private ConfirmImpact Impact => GetType().GetCustomAttribute<CmdletAttribute>()!.ConfirmImpact;

    /// <summary>How the flow is to behave, with its reports going to the command.</summary>
    internal FlowOptions Flow(CommandOutput output, bool force = false, bool keepPartial = false) => new()
    {
        Wait = Wait,
        Timeout = Timeout,
        Force = force,
        KeepPartial = keepPartial,
        Observer = output.Observer,
    };
}
