using System.Text.Json;
using K2hdkcDbaas.Core.Model;

namespace K2hdkcDbaas.Core.Registry;

/// <summary>What the nodes of a cluster read in K2HR3.</summary>
/// <param name="Text">The template of their configuration.</param>
/// <param name="RoleKeys">The keys of a role's resource.</param>
internal sealed record ClusterContents(string Text, Func<NodeRole, Dictionary<string, JsonElement>> RoleKeys);
