using System.Diagnostics;
using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace K2hdkcDbaas.Sandbox;

/// <summary>A Kestrel listener on a free loopback port for one service: records calls, applies fault rules, shapes errors.</summary>
internal sealed class ServiceListener : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ServiceListener(WebApplication app, Uri address)
    {
        _app = app;
        Address = address;
    }

    public Uri Address { get; }

    public static Task<ServiceListener> StartAsync(ISandboxService service, SandboxState state, CancellationToken ct) =>
        StartAsync(app =>
        {
            app.Use(next => context => HandleAsync(context, next, service, state));
            app.UseRouting();
            // Routing leaves 404 and 405 without a body; the service gives them its own.
            app.Use(next => async context =>
            {
                await next(context).ConfigureAwait(false);
                if (context.Response is { StatusCode: 404 or 405, HasStarted: false } && context.Items.ContainsKey(Unrouted))
                    await service.WriteFaultAsync(context, new ApiFault(context.Response.StatusCode, "")).ConfigureAwait(false);
            });
            service.Map(app, state);
        }, ct, service.Listen);

    public static async Task<ServiceListener> StartAsync(Action<WebApplication> configure, CancellationToken ct,
        Action<Microsoft.AspNetCore.Server.Kestrel.Core.ListenOptions>? listen = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            // As much as the real services take in a request line; K2HR3 is told whole resources there.
            kestrel.Limits.MaxRequestLineSize = 16 * 1024;
            kestrel.Listen(IPAddress.Loopback, 0, listen ?? (_ => { }));
        }).UseKestrelHttpsConfiguration();
        var app = builder.Build();
        configure(app);
        await app.StartAsync(ct).ConfigureAwait(false);
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        return new ServiceListener(app, new Uri(addresses.First()));
    }

    public async ValueTask DisposeAsync()
    {
        // Nothing that a client still holds open keeps the sandbox alive.
        using var now = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        try
        {
            await _app.StopAsync(now.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The grace time is over; disposing closes what is left.
        }
        await _app.DisposeAsync().ConfigureAwait(false);
    }

    private const string Unrouted = "unrouted";

    private static async Task HandleAsync(HttpContext context, RequestDelegate next, ISandboxService service, SandboxState state)
    {
        var arrived = state.Now;
        var started = Stopwatch.GetTimestamp();
        var sequence = state.Calls.NextSequence();
        var request = context.Request;
        var rule = state.Faults.Take(service.Name, request.Method, request.Path.Value ?? "/");
        var recorded = false;
        // A client that has seen the answer finds the call in the list.
        context.Response.OnStarting(() =>
        {
            Record();
            return Task.CompletedTask;
        });
        try
        {
            if (rule is { DelayMilliseconds: > 0 }) await Task.Delay(rule.DelayMilliseconds, context.RequestAborted).ConfigureAwait(false);
            service.Prepare(context);
            await FaultInjection.ApplyAsync(context, rule, service,
                inner => AnswerAsync(inner, next, service, state)).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client went away, or a rule cut the line: both show as status 0.
        }
        finally
        {
            Record();
            if (context.Items.ContainsKey(FaultInjection.CutMark)) context.Abort();
        }

        void Record()
        {
            if (recorded) return;
            recorded = true;
            var where = service.Redact(request.PathBase + request.Path + request.QueryString);
            var query = where.IndexOf('?', StringComparison.Ordinal);
            state.Calls.Add(new ReceivedCall(sequence, arrived, service.Name, request.Method,
                query < 0 ? where : where[..query], query < 0 ? "" : where[query..],
                context.RequestAborted.IsCancellationRequested || context.Items.ContainsKey(FaultInjection.CutMark)
                    ? 0
                    : context.Response.StatusCode,
                Stopwatch.GetElapsedTime(started).TotalMilliseconds,
                RequestId(context), rule is null ? null : rule.Name ?? rule.Action.ToString()));
        }
    }

    private static async Task AnswerAsync(HttpContext context, RequestDelegate next, ISandboxService service, SandboxState state)
    {
        try
        {
            context.Items[Unrouted] = true;
            await next(context).ConfigureAwait(false);
        }
        catch (ApiFault fault) when (!context.Response.HasStarted)
        {
            await service.WriteFaultAsync(context, fault).ConfigureAwait(false);
        }
        catch (BadHttpRequestException e) when (!context.Response.HasStarted)
        {
            await service.WriteFaultAsync(context, new ApiFault(e.StatusCode, e.Message)).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException && !context.Response.HasStarted)
        {
            // A mistake of the sandbox: the client sees the service's 500, and a test that looks sees the problem.
            state.Report(e);
            await service.WriteFaultAsync(context, new ApiFault(500, "")).ConfigureAwait(false);
        }
    }

    private static string? RequestId(HttpContext context) =>
        context.Response.Headers.TryGetValue("x-openstack-request-id", out var id) ? id.ToString() : null;
}
