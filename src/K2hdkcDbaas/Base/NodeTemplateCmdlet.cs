using System.Collections;
using System.Management.Automation;
using System.Text.Json.Nodes;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Completers;
using K2hdkcDbaas.Core.Model;

namespace K2hdkcDbaas.Base;

/// <summary>A cmdlet that boots nodes: the parameters that say how they are made.</summary>
public abstract class NodeTemplateCmdlet : FlowCmdlet
{
    private static readonly string[] OnlyNova =
        [nameof(Image), nameof(KeyPair), nameof(SecurityGroup), nameof(BlockDeviceMapping), nameof(Property), nameof(Metadata), nameof(NewRoleToken), "RunUser", "CreateUser", "NoSecurityGroup"];

    private static readonly string[] OnlyTrove = [nameof(VolumeSize), "DatastoreVersion", "ConfigurationGroup", "Locality"];

    /// <summary>The image to boot from, by name, id or object (OpenStack type).</summary>
    [Parameter]
    [ArgumentCompleter(typeof(ImageCompleter))]
    [ValidateNotNull]
    public Reference? Image { get; set; }

    /// <summary>The size, by name, id or object.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(FlavorCompleter))]
    [ValidateNotNull]
    public Reference? Flavor { get; set; }

    /// <summary>The networks to put nodes on; may be left out when the project can use only one.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(NetworkCompleter))]
    [ValidateNotNullOrEmpty]
    public Reference[]? Network { get; set; }

    /// <summary>The key pair to log in to nodes with.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(KeyPairCompleter))]
    [ValidateNotNull]
    public Reference? KeyPair { get; set; }

    /// <summary>More security groups beside <c>default</c> and the cluster's own.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(SecurityGroupCompleter))]
    [ValidateNotNullOrEmpty]
    public Reference[]? SecurityGroup { get; set; }

    /// <summary>Where nodes run.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? AvailabilityZone { get; set; }

    /// <summary>Nova's <c>block_device_mapping_v2</c>: one hashtable per device.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public Hashtable[]? BlockDeviceMapping { get; set; }

    /// <summary>More members of Nova's <c>server</c> object, as Nova's API names them.</summary>
    [Parameter]
    [ValidateNotNull]
    public Hashtable? Property { get; set; }

    /// <summary>Metadata to put on the servers.</summary>
    [Parameter]
    [ValidateNotNull]
    public Hashtable? Metadata { get; set; }

    /// <summary>Makes a new K2HR3 role token rather than using the one that expires last.</summary>
    [Parameter]
    public SwitchParameter NewRoleToken { get; set; }

    /// <summary>Trove: the data volume's size in GiB.</summary>
    [Parameter]
    [ValidateRange(1, 1_000_000)]
    public int? VolumeSize { get; set; }

    /// <summary>Leaves what a failing flow has made instead of undoing it.</summary>
    [Parameter]
    public SwitchParameter KeepPartial { get; set; }

    /// <summary>Says which of the given parameters mean nothing to this way of running a cluster.</summary>
    private protected void WarnOfUnused(string kind)
    {
        var unused = (kind.Equals("Trove", StringComparison.OrdinalIgnoreCase) ? OnlyNova : OnlyTrove).Where(MyInvocation.BoundParameters.ContainsKey).Select(name => "-" + name).ToList();
        if (unused.Count > 0) WriteWarning($"{string.Join(", ", unused)}: of no use {(kind.Equals("Trove", StringComparison.OrdinalIgnoreCase) ? "with Trove, which decides on this itself" : "for servers in Nova, only with Trove")}.");
    }

    private protected NodeTemplate Template() => new()
    {
        Image = Image,
        Flavor = Flavor,
        Networks = Network ?? [],
        KeyPair = KeyPair,
        SecurityGroups = SecurityGroup ?? [],
        AvailabilityZone = AvailabilityZone,
        BlockDeviceMapping = BlockDeviceMapping is null ? null : (JsonArray)JsonValues.From(BlockDeviceMapping)!,
        Properties = Property is null ? null : (JsonObject)JsonValues.From(Property)!,
        Metadata = Metadata is null
            ? new Dictionary<string, string>()
            : Metadata.Cast<DictionaryEntry>().ToDictionary(e => e.Key.ToString()!, e => LanguagePrimitives.ConvertTo<string>(e.Value)),
        NewRoleToken = NewRoleToken,
        VolumeSize = VolumeSize,
    };
}
