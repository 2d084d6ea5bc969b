using System.Management.Automation;

namespace K2hdkcDbaas.Model;

/// <summary>What objects of several kinds are shown as when they come out together: one table, whose view bears this name.</summary>
internal static class K2hr3Item
{
    /// <summary>The object as it is, shown with the others.</summary>
    /// <param name="item">A resource, policy, role, service or branch.</param>
    public static PSObject Among(object item)
    {
        var shown = PSObject.AsPSObject(item);
        var view = typeof(K2hr3Item).FullName!;
        if (shown.TypeNames[0] != view) shown.TypeNames.Insert(0, view);
        return shown;
    }
}
