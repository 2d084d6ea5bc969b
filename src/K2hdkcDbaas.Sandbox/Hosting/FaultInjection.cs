using System.Text;

namespace K2hdkcDbaas.Sandbox;

/// <summary>Carries out a fault rule at one request.</summary>
internal static class FaultInjection
{
    /// <summary>Set on a request whose connection a rule wants cut; the listener does it once the call is in the list.</summary>
    public const string CutMark = "cut";

    /// <summary>Answers the request, spoiled as the rule says. A cut is left to the listener.</summary>
    public static async Task ApplyAsync(HttpContext context, FaultRule? rule, ISandboxService service, RequestDelegate answer)
    {
        if (rule is null or { Action: FaultAction.Delay })
        {
            await answer(context).ConfigureAwait(false);
            return;
        }

        using var kept = new MemoryStream();
        var wire = context.Response.Body;
        if (rule.AfterWork || rule.Action == FaultAction.HalfBody)
        {
            context.Response.Body = kept;
            try
            {
                await answer(context).ConfigureAwait(false);
            }
            finally
            {
                context.Response.Body = wire;
            }
        }

        if (rule.RetryAfter is { } wait) context.Response.Headers.RetryAfter = wait;
        switch (rule.Action)
        {
            case FaultAction.Status:
                context.Response.ContentLength = null;
                await service.WriteFaultAsync(context, new ApiFault(rule.Status, rule.Message ?? "")).ConfigureAwait(false);
                break;
            case FaultAction.Garbage:
                context.Response.StatusCode = 200;
                context.Response.ContentType = "application/json";
                context.Response.ContentLength = null;
                await wire.WriteAsync(Encoding.UTF8.GetBytes("{\"servers\": [{\"id\": <html>\u0000"),
                    context.RequestAborted).ConfigureAwait(false);
                break;
            case FaultAction.HalfBody:
                context.Items[CutMark] = true;
                context.Response.ContentLength = kept.Length;
                await wire.WriteAsync(kept.GetBuffer().AsMemory(0, (int)kept.Length / 2), context.RequestAborted).ConfigureAwait(false);
                await wire.FlushAsync(context.RequestAborted).ConfigureAwait(false);
                break;
            default:
                context.Items[CutMark] = true;
                break;
        }
    }
}
