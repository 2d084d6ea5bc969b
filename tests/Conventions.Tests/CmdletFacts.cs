using System.Management.Automation;
using System.Reflection;
using K2hdkcDbaas.Base;

namespace K2hdkcDbaas.Conventions.Tests;

/// <summary>
/// What the compiled cmdlets declare. Attributes are read as metadata: the PowerShell assembly that the tests have is a reference, whose
/// attribute objects hold nothing.
/// </summary>
internal sealed record CmdletFacts(Type Type, string Verb, string Noun)
{
    public static IReadOnlyList<CmdletFacts> All { get; } = [.. typeof(DbaasCmdlet).Assembly.GetExportedTypes()
        .Select(t => (Type: t, Data: Attribute(t, nameof(CmdletAttribute))))
        .Where(t => t.Data is not null)
        .Select(t => new CmdletFacts(
            t.Type, (string)t.Data!.ConstructorArguments[0].Value!, (string)t.Data.ConstructorArguments[1].Value!))
        .OrderBy(c => c.Name, StringComparer.Ordinal)];

    public string Name => $"{Verb}-{Noun}";

    public IEnumerable<PropertyInfo> Parameters => Type.GetProperties().Where(p => Attribute(p, nameof(ParameterAttribute)) is not null);

    public static CmdletFacts Of(string name) => All.Single(c => c.Name == name);

    public static CustomAttributeData? Attribute(MemberInfo member, string name) =>
        member.GetCustomAttributesData().FirstOrDefault(a => a.AttributeType.Name == name);

    public override string ToString() => Name;
}
