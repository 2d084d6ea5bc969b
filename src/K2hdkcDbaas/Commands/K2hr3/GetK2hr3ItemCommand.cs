using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Model;
using K2hdkcDbaas.Provider;

namespace K2hdkcDbaas.Commands;

/// <summary>
/// Gets what the tenant has in K2HR3 by its place in the tree: KIND/NAME, with the kinds resource, policy, role and service.
/// </summary>
[Cmdlet(VerbsCommon.Get, "K2hr3Item")]
[OutputType(typeof(K2hr3Resource), typeof(K2hr3Policy), typeof(K2hr3Role), typeof(K2hr3Service), typeof(K2hr3Branch))]
public sealed class GetK2hr3ItemCommand : SessionCmdlet
{
    /// <summary>Places such as resource/demo/server; a wildcard stands for one part of the name.</summary>
    [Parameter(Position = 0)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Path { get; set; } = ["*"];

    /// <summary>Also all that is below.</summary>
    [Parameter]
    public SwitchParameter Recurse { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var path in Path)
        {
            RunK2hr3(path, async (k2hr3, output, token) =>
            {
                var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
                var kinds = K2hr3Tree.Kinds.Where(k => parts.Length == 0 || Fits(parts[0], k)).ToArray();
                var wanted = parts.Skip(1).ToArray();
                var any = false;
                foreach (var word in kinds)
                {
                    var kind = K2hr3Tree.KindOf(word)!.Value;
                    var names = await K2hr3Tree.NamesAsync(k2hr3, kind, token).ConfigureAwait(false);
                    if (wanted.Length == 0)
                    {
                        any = true;
                        await output.WriteAsync(K2hr3Item.Among(new K2hr3Branch(word, "", K2hr3Tree.Below(names, "").Count())),
                            token).ConfigureAwait(false);
                    }

                    foreach (var name in names.Where(n => IsMeant(n.Split('/'), wanted)))
                    {
                        any = true;
                        var item = await K2hr3Tree.ReadAsync(k2hr3, kind, name, names, token).ConfigureAwait(false);
                        await output.WriteAsync(K2hr3Item.Among(item), token).ConfigureAwait(false);
                    }
                }

                if (!any && !WildcardPattern.ContainsWildcardCharacters(path))
                {
                    throw new DbaasException(
                        ErrorKind.NotFound, "K2hr3ItemNotFound", $"There is no '{path}' in this tenant.",
                        "Write KIND/NAME with the kind resource, policy, role or service; Get-K2hr3Item '*/*' shows what is at the top.")
                    { Target = path };
                }
            });
        }
    }

    private bool IsMeant(string[] name, string[] wanted) =>
        (Recurse ? name.Length >= wanted.Length : name.Length == wanted.Length && wanted.Length > 0)
            && wanted.Zip(name).All(p => Fits(p.First, p.Second));

    private static bool Fits(string pattern, string text) => WildcardPattern.Get(pattern, WildcardOptions.IgnoreCase).IsMatch(text);
}
