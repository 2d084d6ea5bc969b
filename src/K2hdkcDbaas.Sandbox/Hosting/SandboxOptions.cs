using K2hdkcDbaas.Sandbox.Nodes;

namespace K2hdkcDbaas.Sandbox;

/// <summary>How one sandbox behaves. Every value has a default that suits a person trying the module out.</summary>
public sealed record SandboxOptions
{
    /// <summary>Folder for clouds.yaml and kubeconfig; null makes a temporary one that goes away with the sandbox.</summary>
    public string? Directory { get; init; }

    /// <summary>
    /// How many sandbox seconds pass in one real second. 0 stops time: then only <see cref="SandboxClock.Advance"/> moves it.
    /// </summary>
    public double Speed { get; init; } = 1;

    /// <summary>Life of a Keystone token in sandbox time; Keystone's own default is one hour.</summary>
    public TimeSpan TokenLifetime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Time that a server stays in BUILD (Nova) or an instance in BUILD (Trove).</summary>
    public TimeSpan BuildTime { get; init; } = TimeSpan.FromSeconds(0.8);

    /// <summary>Time between the accepted delete of a server and its end; its ports and groups are in use until then.</summary>
    public TimeSpan DeleteTime { get; init; } = TimeSpan.FromSeconds(0.3);

    /// <summary>Time an image made from a server takes from queued to active, and a Trove backup from NEW to COMPLETED.</summary>
    public TimeSpan ImageTime { get; init; } = TimeSpan.FromSeconds(0.5);

    /// <summary>Time of one Trove cluster task besides the building of its members.</summary>
    public TimeSpan TaskTime { get; init; } = TimeSpan.FromSeconds(0.3);

    /// <summary>Version of k2hr3_api to behave as: 1.0.42 or 2.0.3.</summary>
    public string K2hr3Version { get; init; } = "1.0.42";

    /// <summary>
    /// A Keystone outside of the sandbox, with or without /v3, from which K2HR3 has its users and tenants; null for the sandbox's own.
    /// Nothing else of the sandbox uses it.
    /// </summary>
    public Uri? K2hr3Keystone { get; init; }

    /// <summary>False leaves the servers without guests: they become ACTIVE and nothing runs in them.</summary>
    public bool Guests { get; init; } = true;

    /// <summary>Time from ACTIVE until the system in a guest is up and reads its user data.</summary>
    public TimeSpan GuestBootTime { get; init; } = TimeSpan.FromSeconds(0.4);

    /// <summary>Time between two looks of a guest at its configuration in K2HR3. The real timer takes longer.</summary>
    public TimeSpan GuestPollTime { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Which servers of a ring fetch data when its membership changes: as released chmpx, or as one that hides no key.</summary>
    public MergeBehavior RingMerge { get; init; } = MergeBehavior.Released;

    /// <summary>Time from a pod's node to the start of its first container.</summary>
    public TimeSpan PodStartTime { get; init; } = TimeSpan.FromSeconds(0.2);

    /// <summary>Time that a pod's containers take to end when asked to.</summary>
    public TimeSpan PodStopTime { get; init; } = TimeSpan.FromSeconds(0.1);

    /// <summary>
    /// First three numbers of the network the pods live in, other than the guests'; null takes a free loopback /24 of this machine.
    /// </summary>
    public string? PodNetwork { get; init; }

    /// <summary>Guests that fail to boot or to register; the first that fits a server's name counts.</summary>
    public IReadOnlyList<GuestFault> GuestFaults { get; init; } = [];

    /// <summary>
    /// First three numbers of the network the guests live in, for example 127.80.0; null takes a free loopback /24 of this machine.
    /// </summary>
    public string? GuestNetwork { get; init; }

    /// <summary>Password of every sandbox user (demo, alt, admin, demo-reader).</summary>
    public string Password { get; init; } = "labsecret";
}
