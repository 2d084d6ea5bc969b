using System.Text.Json;
using System.Text.Json.Serialization;
using K2hdkcDbaas.Http;
using K2hdkcDbaas.OpenStack.Keystone;
using K2hdkcDbaas.OpenStack.Wire;

namespace K2hdkcDbaas.OpenStack.Trove;

// Trove sends sizes as numbers or as text.
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true,
    NumberHandling = JsonNumberHandling.AllowReadingFromString, Converters = [typeof(UtcTimeConverter)])]
[JsonSerializable(typeof(InstancesReply))]
[JsonSerializable(typeof(ClustersReply))]
[JsonSerializable(typeof(BackupsReply))]
[JsonSerializable(typeof(ConfigurationsReply))]
[JsonSerializable(typeof(InstanceReferencesReply))]
[JsonSerializable(typeof(DatabaseLogsReply))]
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(IReadOnlyList<Datastore>))]
[JsonSerializable(typeof(IReadOnlyList<DatabaseParameter>))]
[JsonSerializable(typeof(DatabaseInstance))]
[JsonSerializable(typeof(NewInstanceBody))]
[JsonSerializable(typeof(ModifyInstanceBody))]
[JsonSerializable(typeof(DatabaseCluster))]
[JsonSerializable(typeof(NewClusterBody))]
[JsonSerializable(typeof(IReadOnlyList<NewMemberBody>))]
[JsonSerializable(typeof(IReadOnlyList<IdBody>))]
[JsonSerializable(typeof(AttachBody))]
[JsonSerializable(typeof(DatabaseBackup))]
[JsonSerializable(typeof(NewBackupBody))]
[JsonSerializable(typeof(DatabaseConfiguration))]
[JsonSerializable(typeof(ConfigurationBody))]
[JsonSerializable(typeof(IReadOnlyList<DatabaseFlavor>))]
[JsonSerializable(typeof(IReadOnlyList<DatabaseQuota>))]
internal sealed partial class DatabaseJson : JsonSerializerContext
{
    /// <summary>Trove's bodies.</summary>
    public static RestJson Bodies => field ??= new(Default, new Dictionary<Type, string>
    {
        [typeof(IReadOnlyList<Datastore>)] = "datastores",
        [typeof(IReadOnlyList<DatabaseParameter>)] = "configuration-parameters",
        [typeof(DatabaseInstance)] = "instance",
        [typeof(NewInstanceBody)] = "instance",
        [typeof(ModifyInstanceBody)] = "instance",
        [typeof(DatabaseCluster)] = "cluster",
        [typeof(NewClusterBody)] = "cluster",
        [typeof(IReadOnlyList<NewMemberBody>)] = "grow",
        [typeof(IReadOnlyList<IdBody>)] = "shrink",
        [typeof(AttachBody)] = "configuration_attach",
        [typeof(DatabaseBackup)] = "backup",
        [typeof(NewBackupBody)] = "backup",
        [typeof(DatabaseConfiguration)] = "configuration",
        [typeof(ConfigurationBody)] = "configuration",
        [typeof(IReadOnlyList<DatabaseFlavor>)] = "flavors",
        [typeof(IReadOnlyList<DatabaseQuota>)] = "quotas",
    });
}
