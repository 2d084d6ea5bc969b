namespace K2hdkcDbaas.Kubernetes;

/// <summary>An object to be applied.</summary>
public sealed class KubernetesObject
{
    internal KubernetesObject(ObjectKind kind, string name, object body) => (Kind, Name, Body) = (kind, name, body);

    /// <summary>Its kind.</summary>
    public ObjectKind Kind { get; }

    /// <summary>Its name.</summary>
    public string Name { get; }

    internal object Body { get; }

    /// <inheritdoc/>
    public override string ToString() => $"{Kind} {Name}";
}
