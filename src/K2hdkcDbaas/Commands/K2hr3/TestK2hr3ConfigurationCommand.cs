using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Core.Registry;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.K2hr3;

namespace K2hdkcDbaas.Commands;

/// <summary>Looks through the tenant in K2HR3 for what does not work or is not safe, and says what to do about it.</summary>
[Cmdlet(VerbsDiagnostic.Test, "K2hr3Configuration")]
[OutputType(typeof(Finding))]
public sealed class TestK2hr3ConfigurationCommand : SessionCmdlet
{
    /// <summary>The least severity to show.</summary>
    [Parameter(Position = 0)]
    public FindingSeverity Severity { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => RunK2hr3(null, async (k2hr3, output, token) =>
    {
        var tenant = await K2hr3Names.TenantAsync(k2hr3, token).ConfigureAwait(false);
        var contents = await K2hr3Contents.ReadAsync(k2hr3, tenant, token).ConfigureAwait(false);
        var tokens = new Dictionary<string, IReadOnlyList<RoleToken>>();
        foreach (var role in contents.Roles.Keys) tokens[role] = await TokensAsync(k2hr3, role, token).ConfigureAwait(false);
        foreach (var finding in ContentsCheck.Run(contents, tokens, TimeProvider.System.GetUtcNow()).Where(f => f.Severity >= Severity))
            await output.WriteAsync(finding, token).ConfigureAwait(false);
    });

    private static async Task<IReadOnlyList<RoleToken>> TokensAsync(K2hr3Client k2hr3, string role, CancellationToken cancellationToken)
    {
        try
        {
            return await k2hr3.RoleTokens.ListAsync(role, cancellationToken).ConfigureAwait(false);
        }
        catch (DbaasException e) when (e.Kind == ErrorKind.NotFound)
        {
            // It came into being by a host that registered itself, and K2HR3 makes no tokens for such a role; or it is gone by now.
            return [];
        }
    }
}
