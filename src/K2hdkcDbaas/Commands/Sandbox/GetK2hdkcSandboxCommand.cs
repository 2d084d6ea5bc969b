using System.Management.Automation;
using K2hdkcDbaas.Model;

namespace K2hdkcDbaas.Commands;

/// <summary>Gets the sandboxes that this process has started and that still run.</summary>
[Cmdlet(VerbsCommon.Get, "K2hdkcSandbox")]
[OutputType(typeof(K2hdkcSandbox))]
public sealed class GetK2hdkcSandboxCommand : PSCmdlet
{
    /// <inheritdoc/>
    protected override void ProcessRecord() => WriteObject(SandboxTable.Running, enumerateCollection: true);
}
