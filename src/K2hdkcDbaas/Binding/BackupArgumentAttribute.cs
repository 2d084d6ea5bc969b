using K2hdkcDbaas.Core.Model;

namespace K2hdkcDbaas.Binding;

/// <summary>Reads a backup: a name, an id, the name of a set, a backup, also one that comes from a job or a file.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class BackupArgumentAttribute : ObjectArgumentAttribute
{
    /// <summary>Whether a cluster means all its backups here.</summary>
    public bool TakesCluster { get; init; }

    private protected override string Wanted => "a backup";

    private protected override object? Convert(GivenObject given)
    {
        switch (given.Kind)
        {
            case ObjectKind.Text: return Text((string)given.Value);
            case ObjectKind.Backup when given.Value is Backup backup: return new BackupReference(backup);
            case ObjectKind.Backup when given.Text("Id") is { } id:
                return new BackupReference(given.Text("Name") ?? id, id, ClusterArgumentAttribute.BackendOf(given));
            case ObjectKind.Cluster when TakesCluster && given.Text("Name") is { } name:
                return new BackupReference("*")
                {
                    Of =
                    given.Value is Cluster cluster
                        ? new ClusterReference(cluster)
                        : new ClusterReference(name, given.Text("Id"), ClusterArgumentAttribute.BackendOf(given))
                };
            case ObjectKind.Other when given.Value is BackupReference: return given.Value;
            case ObjectKind.Other when given.IsRow:
                return (given.Text("Backup") ?? given.Text("SetName") ?? given.Text("Name")) is { } named ? Text(named) : given.Value;
            case ObjectKind.Other when given.Value is IConvertible:
                return Text(System.Convert.ToString(given.Value, System.Globalization.CultureInfo.InvariantCulture)!);
            default: return null;
        }
    }

    private static object Text(string text) => string.IsNullOrWhiteSpace(text) ? text : new BackupReference(text);
}
