using System.Management.Automation;

namespace K2hdkcDbaas.Loader;

/// <summary>
/// What PowerShell calls when a runspace imports or removes the module. This assembly is a nested module and stands alone because the
/// cmdlets' types cannot even be listed before their assemblies can be found: nested modules come before the root module.
/// </summary>
public sealed class ModuleHooks : IModuleAssemblyInitializer, IModuleAssemblyCleanup
{
    /// <inheritdoc/>
    public void OnImport() => ModuleLoadContext.Enter();

    /// <inheritdoc/>
    public void OnRemove(PSModuleInfo psModuleInfo) => ModuleLoadContext.Leave();
}
