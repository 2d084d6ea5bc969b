using K2hdkcDbaas.Sandbox.Keystone;
using K2hdkcDbaas.Sandbox.Neutron;

namespace K2hdkcDbaas.Sandbox.Nova;

/// <summary>A flavor: memory in MiB, disk in GiB.</summary>
internal sealed record Flavor(string Id, string Name, int Ram, int Vcpus, int Disk);

/// <summary>A key pair of a user.</summary>
internal sealed record KeyPair(string Name, string Type, string PublicKey, string Fingerprint, string UserId, DateTimeOffset Created,
    int Number);

/// <summary>A server group.</summary>
internal sealed record ServerGroup(string Id, string Name, string Policy, string ProjectId, string UserId);

/// <summary>Something that was done to a server.</summary>
internal sealed record ServerEvent(string Action, string RequestId, string UserId, string ProjectId, DateTimeOffset Time);

/// <summary>A server. What it says about itself follows Nova's three states: vm_state, task_state, power_state.</summary>
internal sealed class Server(string projectId, User user, Flavor flavor, DateTimeOffset now)
{
    public string Id { get; } = Guid.NewGuid().ToString();

    public required string Name { get; set; }

    public string? Description { get; set; }

    public string ProjectId { get; } = projectId;

    public User User { get; } = user;

    public Flavor Flavor { get; } = flavor;

    /// <summary>Null when it boots from a volume.</summary>
    public string? ImageId { get; init; }

    /// <summary>The properties of the image that it booted from; images of it inherit them.</summary>
    public IReadOnlyDictionary<string, string> ImageProperties { get; init; } = new Dictionary<string, string>();

    public string? KeyName { get; init; }

    public string? UserData { get; init; }

    public string? Zone { get; init; }

    public string? GroupId { get; init; }

    public Dictionary<string, string> Metadata { get; init; } = new(StringComparer.Ordinal);

    public List<string> Volumes { get; init; } = [];

    public List<string> Tags { get; init; } = [];

    public int Number { get; init; }

    public DateTimeOffset Created { get; } = now;

    public DateTimeOffset Updated { get; set; } = now;

    public DateTimeOffset? Launched { get; set; }

    public string VmState { get; set; } = "building";

    public string? TaskState { get; set; } = "scheduling";

    public string? Fault { get; set; }

    public List<Port> Ports { get; } = [];

    public List<ServerEvent> Events { get; } = [];

    public bool OnHost => VmState is not ("building" or "error") || Ports.Count > 0;

    public string Status => VmState switch
    {
        "building" => "BUILD",
        "error" => "ERROR",
        "stopped" => "SHUTOFF",
        _ => TaskState switch
        {
            "rebooting" => "REBOOT",
            "rebooting_hard" => "HARD_REBOOT",
            _ => "ACTIVE",
        },
    };

    public int PowerState => VmState switch { "active" => 1, "stopped" => 4, _ => 0 };

    /// <summary>The name as the guest sees it: lower case, nothing but letters, digits, dots and dashes.</summary>
    public string HostName
    {
        get
        {
            var name = new string([.. Name.ToLowerInvariant().Select(c => c is ' ' or '_' or '.' ? '-' : c)
                .Where(c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '-')]).Trim('-', '.');
            return name.Length > 0 ? name[..Math.Min(63, name.Length)] : "Server-" + Id;
        }
    }
}
