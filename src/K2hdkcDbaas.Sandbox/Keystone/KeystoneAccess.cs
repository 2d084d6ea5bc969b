namespace K2hdkcDbaas.Sandbox.Keystone;

/// <summary>Who asks Keystone, and whether they may.</summary>
internal static class KeystoneAccess
{
    /// <summary>The caller's token, or a 401.</summary>
    public static Token Caller(this HttpContext context, SandboxState state) =>
        state.Identity.FindToken(context.Request.Headers["X-Auth-Token"]) ?? throw new ApiFault(401, "");

    /// <summary>A 403 that names the policy rule, unless allowed.</summary>
    public static void Allow(bool allowed, string rule)
    {
        if (!allowed) throw new ApiFault(403, $"You are not authorized to perform the requested action: identity:{rule}.");
    }
}
