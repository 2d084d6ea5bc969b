using K2hdkcDbaas.Sandbox.K2hr3.Http;
using K2hdkcDbaas.Sandbox.K2hr3.Store;
using K2hdkcDbaas.Templates;

namespace K2hdkcDbaas.Sandbox.K2hr3.Routes;

/// <summary>A role that a caller without a token claims to belong to, with what identifies the caller beside its address.</summary>
/// <param name="Role">The role's name as given.</param>
/// <param name="Port">0 for any.</param>
/// <param name="Cuk">null for any.</param>
internal sealed record RoleByAddress(string Role, int Port, string? Cuk)
{
    /// <summary>Reads the claim; null for callers with a token, who must not make one.</summary>
    public static RoleByAddress? Read(K2hr3Request request, bool hasToken, Func<string, object?> option)
    {
        var (port, cuk, role) = (option("port"), option("cuk"), option("role"));
        if (hasToken)
        {
            if (port is not null || cuk is not null || role is not null)
            {
                throw new K2hr3Refusal(400,
                    $"{request.Method} resource:port/cuk/role field is specified, but it is not allowed by no token : port={Show(port)}, "
                        + $"cuk={Show(cuk)}, role={Show(role)}");
            }

            return null;
        }

        if (role is not string { Length: > 0 } name)
        {
            throw new K2hr3Refusal(400, $"{request.Method} request does not have role yrn in post data.");
        }

        var number = port is string text && K2hr3Request.TryNumber(text, out var value) ? (int)value : 0;
        return new RoleByAddress(name, number, (cuk as string)?.Trim() is { Length: > 0 } key ? key : null);
    }

    /// <summary>The role, if the caller's address is one of its hosts'.</summary>
    public Yrn Prove(RoleStore roles, K2hr3Request request, int status)
    {
        if (!Yrn.TryParse(Role, YrnKind.Role, out var yrn))
        {
            throw new K2hr3Refusal(status, $"role yrn({request.Quote(Role)}) is not full yrn, or wrong role yrn.");
        }

        return roles.FindHosts(Role, request.ClientAddress, Port, Cuk).Count > 0
            ? yrn
            : throw new K2hr3Refusal(status,
                $"ip:port({request.Quote(request.ClientAddress)}:{Port}) is not role({request.Quote(Role)}) member.");
    }

    private static string Show(object? value) => value is null ? "undefined" : TemplateJson.Write(value);
}
