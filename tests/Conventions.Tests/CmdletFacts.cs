using System.Management.Automation;
using System.Reflection;
using K2hdkcDbaas.Base;

namespace K2hdkcDbaas.Conventions.Tests;

/// <summary>
/// What the compiled cmdlets declare. Attributes are read as metadata: the PowerShell assembly that the tests have is a reference, whose
/// attribute objects hold nothing.
/// </summary>
internal sealed record CmdletFacts(Type Type, string Verb, string Noun, IReadOnlyDictionary<string, object?> Named)
{
    private static readonly string[] Common = ["WhatIf", "Confirm"];

    public static IReadOnlyList<CmdletFacts> All { get; } = [.. typeof(DbaasCmdlet).Assembly.GetExportedTypes()
        .Select(t => (Type: t, Data: Attribute(t, nameof(CmdletAttribute))))
        .Where(t => t.Data is not null)
        .Select(t => new CmdletFacts(
            t.Type, (string)t.Data!.ConstructorArguments[0].Value!, (string)t.Data.ConstructorArguments[1].Value!,
            t.Data.NamedArguments.ToDictionary(a => a.MemberName, a => a.TypedValue.Value)))
        .OrderBy(c => c.Name, StringComparer.Ordinal)];

    public string Name => $"{Verb}-{Noun}";

    public bool SupportsShouldProcess => Named.GetValueOrDefault("SupportsShouldProcess") is true;

    /// <summary>The declared impact; 2 (Medium) is PowerShell's default, 3 is High.</summary>
    public int ConfirmImpact => Named.GetValueOrDefault("ConfirmImpact") is int impact ? impact : 2;

    public IEnumerable<PropertyInfo> Parameters => Type.GetProperties().Where(p => Attribute(p, nameof(ParameterAttribute)) is not null);

    public bool HasOutputType => Attribute(Type, nameof(OutputTypeAttribute)) is not null;

    public IEnumerable<string> Aliases =>
        Attribute(Type, nameof(AliasAttribute))?.ConstructorArguments[0].Value is IEnumerable<CustomAttributeTypedArgument> names ? names.Select(n => (string)n.Value!) : [];

    public static CmdletFacts Of(string name) => All.Single(c => c.Name == name);

    public static CustomAttributeData? Attribute(MemberInfo member, string name) =>
        member.GetCustomAttributesData().FirstOrDefault(a => a.AttributeType.Name == name);

    public override string ToString() => Name;
}
