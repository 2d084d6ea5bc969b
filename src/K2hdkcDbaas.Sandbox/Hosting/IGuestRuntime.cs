namespace K2hdkcDbaas.Sandbox;

/// <summary>What a guest is booted as.</summary>
internal enum GuestKind
{
    /// <summary>A Nova server: it follows its user data and registers itself where that says.</summary>
    Server,

    /// <summary>A Trove instance: its configuration group says which K2HDKC cluster it is a node of.</summary>
    DatabaseInstance,
}

/// <summary>A machine to boot.</summary>
internal sealed record GuestDescription
{
    public required GuestKind Kind { get; init; }

    /// <summary>Id of the Nova server or Trove instance.</summary>
    public required string Id { get; init; }

    public required string Name { get; init; }

    /// <summary>Host name as the guest sees it: Nova makes it from the name (lower case, dots and blanks replaced).</summary>
    public required string HostName { get; init; }

    /// <summary>Its address: a loopback address of this machine that a node in it can bind.</summary>
    public required string Address { get; init; }

    public required string ProjectId { get; init; }

    public required string UserId { get; init; }

    /// <summary>User data as the guest reads it from the metadata service, already decoded from base64; empty without any.</summary>
    public ReadOnlyMemory<byte> UserData { get; init; }

    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    /// <summary>Values of the attached Trove configuration group; null when none is attached.</summary>
    public IReadOnlyDictionary<string, string>? Configuration { get; init; }

    /// <summary>
    /// State to start from (a server image or a Trove backup), as <see cref="IGuestRuntime.SnapshotAsync"/> made it; empty starts blank.
    /// </summary>
    public ReadOnlyMemory<byte> Snapshot { get; init; }
}

/// <summary>
/// Runs what is inside servers and Trove instances. Nova and Trove call it, never under the state's lock and in order for one guest.
/// </summary>
internal interface IGuestRuntime : IAsyncDisposable
{
    /// <summary>The machine is ACTIVE and boots. Returns when the guest runs; it may go on working on its own.</summary>
    Task BootAsync(GuestDescription guest, CancellationToken ct);

    /// <summary>Power off (os-stop, reboot): the node goes, its state stays for the next <see cref="StartAsync"/>.</summary>
    Task StopAsync(string guestId, CancellationToken ct);

    /// <summary>Power on again.</summary>
    Task StartAsync(string guestId, CancellationToken ct);

    /// <summary>The machine is gone for good. Unknown ids are fine: the delete may overtake the boot.</summary>
    Task DestroyAsync(string guestId, CancellationToken ct);

    /// <summary>
    /// Trove attached (values) or detached (null) a configuration group: the node joins the cluster it names, or leaves and keeps running.
    /// </summary>
    Task ConfigureAsync(string guestId, IReadOnlyDictionary<string, string>? configuration, CancellationToken ct);

    /// <summary>The guest's state (its node's data) as bytes that only this runtime reads.</summary>
    Task<ReadOnlyMemory<byte>> SnapshotAsync(string guestId, CancellationToken ct);

    /// <summary>What the guest has written to its serial console so far; empty for an unknown one.</summary>
    string ConsoleLog(string guestId);
}

/// <summary>Servers in which nothing runs (the option <see cref="SandboxOptions.Guests"/> is off).</summary>
internal sealed class EmptyGuests : IGuestRuntime
{
    public Task BootAsync(GuestDescription guest, CancellationToken ct) => Task.CompletedTask;

    public Task StopAsync(string guestId, CancellationToken ct) => Task.CompletedTask;

    public Task StartAsync(string guestId, CancellationToken ct) => Task.CompletedTask;

    public Task DestroyAsync(string guestId, CancellationToken ct) => Task.CompletedTask;

    public Task ConfigureAsync(string guestId, IReadOnlyDictionary<string, string>? configuration, CancellationToken ct) =>
        Task.CompletedTask;

    public Task<ReadOnlyMemory<byte>> SnapshotAsync(string guestId, CancellationToken ct) => Task.FromResult(ReadOnlyMemory<byte>.Empty);

    public string ConsoleLog(string guestId) => "";

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
