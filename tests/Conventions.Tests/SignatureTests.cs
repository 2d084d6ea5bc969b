using System.Reflection;
using K2hdkcDbaas.Base;

namespace K2hdkcDbaas.Conventions.Tests;

/// <summary>What other modules see of ours.</summary>
public class SignatureTests
{
    [Fact]
    public void Public_signatures_are_free_of_third_party_types()
    {
        string[] own = [
            .. Directory.GetFiles(Checkout.PathOf("src"), "*.csproj", SearchOption.AllDirectories)
                .Select(p => Path.GetFileNameWithoutExtension(p)!)];
        var strangers =
            from assembly in Loaded(typeof(DbaasCmdlet).Assembly)
            from type in assembly.GetExportedTypes()
            from member in type.GetMembers(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static
                | BindingFlags.DeclaredOnly)
            where IsVisible(member)
            from used in Signature(member).SelectMany(Parts)
            let name = used.Assembly.GetName().Name!
            where !own.Contains(name) && !name.StartsWith("System.", StringComparison.Ordinal) && name is not "netstandard"
            select $"{type.Name}.{member.Name}: {name}";
        Assert.Empty(strangers.Distinct());
    }

    private static IEnumerable<Assembly> Loaded(Assembly skin) =>
        [skin, .. skin.GetReferencedAssemblies().Where(a => a.Name!.StartsWith("K2hdkcDbaas", StringComparison.Ordinal))
            .Select(Assembly.Load)];

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
