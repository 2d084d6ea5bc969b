namespace K2hdkcDbaas.Sandbox.Nodes;

/// <summary>Which members of a ring fetch data when its membership changes.</summary>
public enum MergeBehavior
{
    /// <summary>
    /// As released chmpx (1.0.113): only the server that joins or leaves merges, since every other one finds itself not pending
    /// (<c>ChangeStatusBeforeMergeStart</c> in chmeventsock.cc). Keys whose new first holder has no copy read as missing. What is written
    /// while a server joins does not reach that server.
    /// </summary>
    Released,

    /// <summary>As a chmpx in which every server in service merges: no key is hidden, and
    /// writes reach a joining one, too. No release does this.</summary>
    Patched,
}
