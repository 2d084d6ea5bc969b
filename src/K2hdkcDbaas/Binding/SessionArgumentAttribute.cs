using K2hdkcDbaas.Sessions;

namespace K2hdkcDbaas.Binding;

/// <summary>Reads a session: its name, or a session, also one that comes from a job or a file.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SessionArgumentAttribute : ObjectArgumentAttribute
{
    private protected override string Wanted => "a session";

    private protected override object? Convert(GivenObject given) => given.Kind switch
    {
        ObjectKind.Text => string.IsNullOrWhiteSpace((string)given.Value) ? given.Value : new SessionReference((string)given.Value),
        ObjectKind.Session when given.Value is K2hdkcSession session => new SessionReference(session),
        ObjectKind.Session when given.Text("Name") is { } name => new SessionReference(name),
        ObjectKind.Other when given.Value is SessionReference => given.Value,
        ObjectKind.Other when given.IsRow && (given.Text("Session") ?? given.Text("Name")) is { } name => new SessionReference(name),
        _ => null,
    };
}
