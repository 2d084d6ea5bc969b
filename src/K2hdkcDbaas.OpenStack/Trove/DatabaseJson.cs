using System.Text.Json.Serialization;
using K2hdkcDbaas.OpenStack.Wire;

namespace K2hdkcDbaas.OpenStack.Trove;

// Trove sends sizes as numbers or as text.
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true, NumberHandling = JsonNumberHandling.AllowReadingFromString, Converters = [typeof(UtcTimeConverter)])]
[JsonSerializable(typeof(DatastoresReply))]
[JsonSerializable(typeof(DatastoreVersionsReply))]
[JsonSerializable(typeof(ParametersReply))]
[JsonSerializable(typeof(InstancesReply))]
[JsonSerializable(typeof(InstanceReply))]
[JsonSerializable(typeof(NewInstanceRequest))]
[JsonSerializable(typeof(ModifyInstanceRequest))]
[JsonSerializable(typeof(ClustersReply))]
[JsonSerializable(typeof(ClusterReply))]
[JsonSerializable(typeof(NewClusterRequest))]
[JsonSerializable(typeof(GrowRequest))]
[JsonSerializable(typeof(ShrinkRequest))]
[JsonSerializable(typeof(AttachRequest))]
[JsonSerializable(typeof(BackupsReply))]
[JsonSerializable(typeof(BackupReply))]
[JsonSerializable(typeof(NewBackupRequest))]
[JsonSerializable(typeof(BackupStrategiesReply))]
[JsonSerializable(typeof(BackupStrategyBody))]
[JsonSerializable(typeof(ConfigurationsReply))]
[JsonSerializable(typeof(ConfigurationReply))]
[JsonSerializable(typeof(ConfigurationRequest))]
[JsonSerializable(typeof(InstanceReferencesReply))]
[JsonSerializable(typeof(DatabaseFlavorsReply))]
[JsonSerializable(typeof(DatabaseLimitsReply))]
[JsonSerializable(typeof(DatabaseQuotasReply))]
[JsonSerializable(typeof(DatabaseLogsReply))]
[JsonSerializable(typeof(DatabaseLogReply))]
[JsonSerializable(typeof(PublishLogRequest))]
internal sealed partial class DatabaseJson : JsonSerializerContext;
