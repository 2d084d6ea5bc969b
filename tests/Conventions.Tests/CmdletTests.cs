using System.Management.Automation;
using System.Reflection;
using System.Text.RegularExpressions;
using K2hdkcDbaas.Base;

namespace K2hdkcDbaas.Conventions.Tests;

/// <summary>What every cmdlet keeps to, so that one who knows one of them knows all.</summary>
public partial class CmdletTests
{
    /// <summary>Verbs that leave the world as it is.</summary>
    private static readonly string[] ReadingVerbs = ["Get", "Connect", "Wait", "Test", "Expand"];

    /// <summary>Verbs after which something is gone that no other cmdlet brings back. A sandbox holds nothing of worth.</summary>
    private static readonly string[] DestroyingVerbs = ["Remove", "Clear"];

    public static TheoryData<string> Cmdlets => new(CmdletFacts.All.Select(c => c.Name));

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void Verbs_are_approved(string cmdlet)
    {
        var verb = CmdletFacts.Of(cmdlet).Verb;
        Type[] groups =
        [
            typeof(VerbsCommon), typeof(VerbsCommunications), typeof(VerbsData), typeof(VerbsDiagnostic), typeof(VerbsLifecycle),
            typeof(VerbsOther), typeof(VerbsSecurity),
        ];
        Assert.Contains(verb, groups.SelectMany(g => g.GetFields()).Where(f => f.IsLiteral).Select(f => (string)f.GetRawConstantValue()!));
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void Nouns_are_prefixed_and_singular(string cmdlet)
    {
        var noun = CmdletFacts.Of(cmdlet).Noun;
        Assert.Matches("^(K2hdkc|K2hr3)[A-Z][A-Za-z]+$", noun);
        Assert.True(!noun.EndsWith('s') || noun.EndsWith("ss", StringComparison.Ordinal) || noun.EndsWith("Dbaas", StringComparison.Ordinal) || noun.EndsWith("Status", StringComparison.Ordinal), noun);
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void Classes_bear_the_cmdlets_name_which_error_ids_show(string cmdlet)
    {
        var facts = CmdletFacts.Of(cmdlet);
        Assert.Equal($"K2hdkcDbaas.Commands.{facts.Verb}{facts.Noun}Command", facts.Type.FullName);
        Assert.True(facts.Type.IsSealed);
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void What_changes_asks_ShouldProcess(string cmdlet)
    {
        var facts = CmdletFacts.Of(cmdlet);
        // A test that can repair what it finds changes things.
        Assert.Equal(!ReadingVerbs.Contains(facts.Verb) || facts.Parameters.Any(p => p.Name == "Repair"), facts.SupportsShouldProcess);
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void What_destroys_asks_for_confirmation(string cmdlet)
    {
        var facts = CmdletFacts.Of(cmdlet);
        if (DestroyingVerbs.Contains(facts.Verb) && facts.Noun is not ("K2hdkcKey" or "K2hdkcSubkey")) Assert.Equal(3, facts.ConfirmImpact);
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void Every_cmdlet_says_what_it_puts_out(string cmdlet) => Assert.True(CmdletFacts.Of(cmdlet).HasOutputType);

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void Parameters_are_Pascal_case_and_singular(string cmdlet)
    {
        foreach (var parameter in CmdletFacts.Of(cmdlet).Parameters)
            Assert.True(ParameterName().IsMatch(parameter.Name) && !PluralName().IsMatch(parameter.Name), parameter.Name);
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void Secrets_are_never_plain_text_parameters(string cmdlet)
    {
        var secretive = CmdletFacts.Of(cmdlet).Parameters
            .Where(p => SecretName().IsMatch(p.Name) && p.PropertyType == typeof(string))
            .Select(p => p.Name);
        Assert.Empty(secretive);
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void What_works_in_a_session_takes_one(string cmdlet)
    {
        var facts = CmdletFacts.Of(cmdlet);
        if (facts.Noun is "K2hdkcSandbox" or "K2hdkcSession" || facts.Verb == "Connect") return;
        Assert.Contains(facts.Parameters, p => p.Name == "Session");
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void What_puts_nothing_out_can_pass_through(string cmdlet)
    {
        var facts = CmdletFacts.Of(cmdlet);
        if (facts.Verb is "Remove" or "Stop" or "Clear" or "Disconnect") Assert.Contains(facts.Parameters, p => p.Name == "PassThru");
    }

    [Fact]
    public void Public_signatures_are_free_of_third_party_types()
    {
        string[] own = [.. Directory.GetFiles(Checkout.PathOf("src"), "*.csproj", SearchOption.AllDirectories).Select(p => Path.GetFileNameWithoutExtension(p)!)];
        var strangers =
            from assembly in Loaded(typeof(DbaasCmdlet).Assembly)
            from type in assembly.GetExportedTypes()
            from member in type.GetMembers(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
            where IsVisible(member)
            from used in Signature(member).SelectMany(Parts)
            let name = used.Assembly.GetName().Name!
            where !own.Contains(name) && !name.StartsWith("System.", StringComparison.Ordinal) && name is not "netstandard"
            select $"{type.Name}.{member.Name}: {name}";
        Assert.Empty(strangers.Distinct());
    }

    [GeneratedRegex("^[A-Z][A-Za-z0-9]*$")]
    private static partial Regex ParameterName();

    [GeneratedRegex("(?<!s|Statu|Alia|Clas|Addres|Acces|Pas)s$")]
    private static partial Regex PluralName();

    [GeneratedRegex("Password|Secret|PassPhrase|^Token$|K2hr3Token$")]
    private static partial Regex SecretName();

    private static IEnumerable<Assembly> Loaded(Assembly skin) =>
        [skin, .. skin.GetReferencedAssemblies().Where(a => a.Name!.StartsWith("K2hdkcDbaas", StringComparison.Ordinal)).Select(Assembly.Load)];

    private static bool IsVisible(MemberInfo member) => member switch
    {
        MethodBase method => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly,
        FieldInfo field => field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly,
        _ => false,
    };

    private static IEnumerable<Type> Signature(MemberInfo member) => member switch
    {
        MethodInfo method => [method.ReturnType, .. method.GetParameters().Select(p => p.ParameterType)],
        ConstructorInfo constructor => constructor.GetParameters().Select(p => p.ParameterType),
        FieldInfo field => [field.FieldType],
        _ => [],
    };

    private static IEnumerable<Type> Parts(Type type)
    {
        if (type.HasElementType) return Parts(type.GetElementType()!);
        return type.IsGenericType ? [type, .. type.GetGenericArguments().SelectMany(Parts)] : [type];
    }
}
