using K2hdkcDbaas.Errors;
using K2hdkcDbaas.OpenStack.Keystone;

namespace K2hdkcDbaas.OpenStack.Wire;

/// <summary>Makes a service's base address of what the catalogue or an override says.</summary>
internal static class ServiceAddresses
{
    /// <summary>Appends a version to an address that does not name one.</summary>
    public static Uri WithVersion(Uri address, string version)
    {
        var text = address.AbsoluteUri.TrimEnd('/');
        // Of the path alone: a host may be called v1-glance.
        var last = address.AbsolutePath.TrimEnd('/').Split('/')[^1];
        return new Uri(last.Length > 1 && last[0] == 'v' && char.IsAsciiDigit(last[1]) ? text : text + "/" + version);
    }

    // Old catalogs end Nova's address with the project: /v2.1/PROJECT. The plain form works everywhere.
    public static Uri WithoutLegacyProject(Uri address)
    {
        var text = address.AbsoluteUri.TrimEnd('/');
        var at = text.LastIndexOf("/v2.1/", StringComparison.Ordinal);
        return at < 0 ? address : new Uri(text[..(at + 5)]);
    }

    public static Uri OfProject(Uri address, KeystoneToken token)
    {
        if (token.ProjectId is not { } project)
            throw new DbaasException(ErrorKind.InvalidInput, "ProjectRequired", "Trove needs a project, and this session has none.", "Connect with a project (project_name, OS_PROJECT_NAME).");
        var text = address.AbsoluteUri.TrimEnd('/');
        return text.EndsWith("/" + project, StringComparison.Ordinal) ? new Uri(text) : new Uri(WithVersion(address, "v1.0").AbsoluteUri + "/" + project);
    }
}
