using K2hdkcDbaas.Http;
using K2hdkcDbaas.K2hr3;
using K2hdkcDbaas.OpenStack;
using K2hdkcDbaas.OpenStack.Configuration;
using K2hdkcDbaas.Sandbox;

namespace K2hdkcDbaas.Contracts.Tests;

/// <summary>
/// What a suite runs against. The sandbox always; the real services when these say where they are:
/// K2HDKCDBAAS_TEST_CLOUD (a cloud in clouds.yaml), K2HDKCDBAAS_TEST_K2HR3 (the API's URL), K2HDKCDBAAS_TEST_TROVE=1,
/// K2HDKCDBAAS_TEST_IMAGES=1 (its hypervisor really makes images of servers). For a K2HR3 whose users are not that cloud's, who may use it:
/// K2HDKCDBAAS_TEST_K2HR3_USER, K2HDKCDBAAS_TEST_K2HR3_PASSWORD and K2HDKCDBAAS_TEST_K2HR3_TENANT.
/// </summary>
public abstract class Target : IAsyncLifetime
{
    private readonly List<IDisposable> _made = [];

    /// <summary>Why the suite is skipped; null when it runs.</summary>
    public string? SkipReason { get; protected set; }

    public CloudSettings Cloud { get; protected set; } = null!;

    public Uri K2hr3 { get; protected set; } = null!;

    /// <summary>The user of K2HR3 when its users are not the cloud's; null when they are.</summary>
    public K2hr3PasswordCredential? K2hr3User { get; protected set; }

    /// <summary>The name of K2HR3's user as given.</summary>
    public string UserName => K2hr3User?.UserName ?? ((PasswordCredential)Cloud.Credential).UserName!;

    /// <summary>The tenant that K2HR3's user works in.</summary>
    public string Tenant => K2hr3User?.Tenant ?? Cloud.Scope!.ProjectName!;

    /// <summary>How long a wait may take.</summary>
    public virtual TimeSpan Patience => TimeSpan.FromSeconds(20);

    /// <summary>Whether an image of a server ever gets its data; Nova's fake driver, behind the test cloud, leaves it queued.</summary>
    public virtual bool CompletesImages => true;

    public abstract ValueTask InitializeAsync();

    public virtual ValueTask DisposeAsync()
    {
        foreach (var made in _made) made.Dispose();
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    public OpenStackConnection Connect(Recorder? recorder = null, Func<CloudSettings, CloudSettings>? with = null)
    {
        if (SkipReason is { } reason) Assert.Skip(reason);
        var connection = new OpenStackConnection(with is null ? Cloud : with(Cloud), recorder);
        _made.Add(connection);
        return connection;
    }

    public K2hr3Client ConnectK2hr3(Recorder? recorder = null, K2hr3Credential? credential = null)
    {
        if (SkipReason is { } reason) Assert.Skip(reason);
        var client = new K2hr3Client(K2hr3, credential ?? K2hr3User ?? (K2hr3Credential)TokenOfCloud(), observer: recorder);
        _made.Add(client);
        return client;
    }

    /// <summary>Leaves a test out that is about the log-in with the cloud's users where K2HR3 has others.</summary>
    public void NeedCloudUsers()
    {
        if (SkipReason is { } reason) Assert.Skip(reason);
        if (K2hr3User is not null) Assert.Skip("This K2HR3 has other users than a cloud's: K2HDKCDBAAS_TEST_K2HR3_USER is set");
    }

    private ForeignTokenCredential TokenOfCloud()
    {
        var cloud = Connect();
        return new ForeignTokenCredential(async ct =>
        {
            var token = await cloud.AuthenticateAsync(ct);
            return new ForeignToken(token.Value, token.ExpiresAt, token.IsFromApplicationCredential);
        })
        { Tenant = Cloud.Scope!.ProjectName };
    }
}

/// <summary>A sandbox in this process.</summary>
public class SandboxTarget : Target
{
    protected virtual string Version => "1.0.42";

    public SandboxHost Host { get; private set; } = null!;

    public override async ValueTask InitializeAsync()
    {
        Host = await SandboxHost.StartAsync(new SandboxOptions
        {
            K2hr3Version = Version,
            BuildTime = TimeSpan.FromMilliseconds(200),
            DeleteTime = TimeSpan.FromMilliseconds(100),
            ImageTime = TimeSpan.FromMilliseconds(100),
            TaskTime = TimeSpan.FromMilliseconds(100),
        }, TestContext.Current.CancellationToken);
        Cloud = Settings(Host.CloudsFile, "sandbox");
        K2hr3 = Host.K2hr3Url;
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        GC.SuppressFinalize(this);
        var problems = Host.Problems;
        await Host.DisposeAsync();
        Assert.Empty(problems);
    }

    internal static CloudSettings Settings(string? file, string cloud) =>
        new CloudResolver(CloudEnvironment.Current()).Resolve(new CloudRequest { File = file, Cloud = cloud });
}

/// <summary>A sandbox that behaves as k2hr3_api 2.0.3.</summary>
public sealed class NewerSandboxTarget : SandboxTarget
{
    protected override string Version => "2.0.3";
}

/// <summary>The cloud of K2HDKCDBAAS_TEST_CLOUD.</summary>
public class RealTarget : Target
{
    public override TimeSpan Patience => TimeSpan.FromMinutes(2);

    public override bool CompletesImages => Environment.GetEnvironmentVariable("K2HDKCDBAAS_TEST_IMAGES") == "1";

    public override ValueTask InitializeAsync()
    {
        if (Environment.GetEnvironmentVariable("K2HDKCDBAAS_TEST_CLOUD") is not { Length: > 0 } cloud)
            SkipReason = "K2HDKCDBAAS_TEST_CLOUD names no cloud";
        else Cloud = SandboxTarget.Settings(null, cloud);
        return ValueTask.CompletedTask;
    }
}

/// <summary>The same with the Trove of that cloud, when K2HDKCDBAAS_TEST_TROVE=1.</summary>
public sealed class RealTroveTarget : RealTarget
{
    public override ValueTask InitializeAsync()
    {
        if (Environment.GetEnvironmentVariable("K2HDKCDBAAS_TEST_TROVE") == "1") return base.InitializeAsync();
        SkipReason = "K2HDKCDBAAS_TEST_TROVE is not 1";
        return ValueTask.CompletedTask;
    }
}

/// <summary>The same with the K2HR3 of K2HDKCDBAAS_TEST_K2HR3.</summary>
public sealed class RealK2hr3Target : RealTarget
{
    public override ValueTask InitializeAsync()
    {
        if (Environment.GetEnvironmentVariable("K2HDKCDBAAS_TEST_K2HR3") is { Length: > 0 } url)
        {
            K2hr3 = new Uri(url);
            if (Variable("USER") is not { } user) return base.InitializeAsync();
            K2hr3User = new K2hr3PasswordCredential(user, Variable("PASSWORD") ?? "") { Tenant = Variable("TENANT") ?? user };
            return ValueTask.CompletedTask;
        }
        SkipReason = "K2HDKCDBAAS_TEST_K2HR3 names no API";
        return ValueTask.CompletedTask;
    }

    private static string? Variable(string name) =>
        Environment.GetEnvironmentVariable("K2HDKCDBAAS_TEST_K2HR3_" + name) is { Length: > 0 } value ? value : null;
}

/// <summary>Keeps what was sent, so that tests can count.</summary>
public sealed class Recorder : IHttpObserver
{
    private readonly List<HttpExchange> _exchanges = [];

    public bool WantsBodies => true;

    public IReadOnlyList<HttpExchange> Exchanges
    {
        get { lock (_exchanges) return [.. _exchanges]; }
    }

    public void Exchanged(HttpExchange exchange)
    {
        lock (_exchanges) _exchanges.Add(exchange);
    }

    public void Retrying(HttpRetry retry)
    {
    }

    public string Text => string.Join('\n', Exchanges.Select(e => $"{e} {e.RequestBody} {e.ResponseBody}"));
}

internal static class Waiting
{
    /// <summary>Asks again until the answer is the wanted one.</summary>
    public static async Task<T> UntilAsync<T>(this Target target, Func<Task<T>> ask, Func<T, bool> wanted)
    {
        var ct = TestContext.Current.CancellationToken;
        var end = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var answer = await ask();
            if (wanted(answer)) return answer;
            Assert.True(TimeProvider.System.GetElapsedTime(end) < target.Patience,
                $"Waited {target.Patience.TotalSeconds} s in vain; the last answer: {answer}");
            await Task.Delay(100, ct);
        }
    }

    /// <summary>The failure of a call that must fail.</summary>
    public static async Task<ServiceException> FailsAsync(string errorId, Func<Task> call)
    {
        var failure = await Assert.ThrowsAsync<ServiceException>(call);
        Assert.True(failure.ErrorId == errorId, $"{failure.ErrorId} instead of {errorId}: {failure.Message}");
        return failure;
    }

    public static string NewName(string kind) => $"ct-{kind}-{Guid.NewGuid().ToString("N")[..8]}";
}
