using System.Management.Automation;
using K2hdkcDbaas.Core;
using K2hdkcDbaas.Core.Ring;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Protocol.Configuration;

namespace K2hdkcDbaas.Binding;

/// <summary>Finds the servers of a ring that a user's words mean.</summary>
internal static class RingNodeLookup
{
    /// <summary>The node that is meant by name, address, cuk, tag (its id seed), or name:controlport.</summary>
    /// <param name="reference">What the user gave.</param>
    /// <param name="ring">The ring.</param>
    /// <exception cref="DbaasException"><see cref="ErrorIds.NodeNotFound"/> or <see cref="ErrorIds.NodeAmbiguous"/>.</exception>
    public static RingNode In(this NodeReference reference, RingController ring)
    {
        string?[] words = [reference.Name, reference.Node?.Cuk, reference.Node?.IPAddress, reference.Node?.Tag, reference.Node?.Id];
        var found = ring.Nodes.Where(n => words.Any(word => word is not null && Bears(n, word))).ToList();
        if (found.Count == 1) return found[0];
        var names = string.Join(", ", ring.Nodes.Select(n => RingController.ControlOf(n).ToString()));
        throw found.Count == 0
            ? new DbaasException(ErrorKind.NotFound, ErrorIds.NodeNotFound, $"Ring '{ring.Ring}' has no server '{reference}'.",
                $"Its servers are {names}.")
            { Target = reference.Name }
            : new DbaasException(ErrorKind.InvalidInput, ErrorIds.NodeAmbiguous,
                $"Several servers of ring '{ring.Ring}' bear the name '{reference}'.",
                $"Say which with its control port: {names}.")
            { Target = reference.Name };
    }

    /// <summary>Whether a node bears a name, or one that fits a pattern.</summary>
    /// <param name="node">The node.</param>
    /// <param name="word">The name or pattern.</param>
    public static bool Bears(this RingNode node, string word)
    {
        var control = RingController.ControlOf(node);
        string[] names =
            [node.Name, node.Cuk, node.CustomSeed, node.CustomSeed.Split('.')[0], control.Host, control.ToString(),
                $"{node.Name}:{node.ControlPort}"];
        var pattern = WildcardPattern.Get(word, WildcardOptions.IgnoreCase);
        return names.Any(n => n.Length > 0 && (n.Equals(word, StringComparison.OrdinalIgnoreCase) || pattern.IsMatch(n)));
    }
}
