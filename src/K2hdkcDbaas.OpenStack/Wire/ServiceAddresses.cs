using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Http;
using K2hdkcDbaas.OpenStack.Keystone;

namespace K2hdkcDbaas.OpenStack.Wire;

/// <summary>Makes a service's base address of what the catalogue or an override says.</summary>
internal static class ServiceAddresses
{
    /// <summary>
    /// The version that an address names, <c>v2</c> and <c>v2.0</c> alike as <c>v2.0</c>; null for none. Of the path alone: a host may be
    /// called v1-glance.
    /// </summary>
    public static string? VersionIn(string address)
    {
        var path = Uri.TryCreate(address, UriKind.Absolute, out var uri) ? uri.AbsolutePath : address;
        return path.Split('/').LastOrDefault(IsVersion) is { } version
            ? version.Contains('.', StringComparison.Ordinal) ? version : version + ".0"
            : null;
    }

    /// <summary>
    /// The base address of a version: as it is where it names that one (without a project behind it), with it appended where it names none.
    /// </summary>
    /// <exception cref="DbaasException">ServiceVersionNotSupported: it names another version.</exception>
    public static Uri WithVersion(Uri address, string service, string version)
    {
        var text = address.AbsoluteUri.TrimEnd('/');
        if (VersionIn(text) is not { } has) return new Uri(text + "/" + version);
        if (has != VersionIn(version))
            throw new DbaasException(ErrorKind.NotSupported, "ServiceVersionNotSupported",
                $"The address of {service}, {ServiceAddress.Shown(text)}, is that of its version {has}, and {version} is needed.",
                $"Give the address as {service}_endpoint_override in clouds.yaml, or ask the cloud's administrator to add {version} to the "
                    + $"catalogue.");
        // Old catalogues end Nova's address with the project: /v2.1/PROJECT. The plain form works everywhere.
        var parts = text.Split('/');
        return new Uri(string.Join('/', parts[..(Array.FindLastIndex(parts, IsVersion) + 1)]));
    }

    /// <summary>Trove's address, which ends with the project.</summary>
    public static Uri OfProject(Uri address, KeystoneToken token)
    {
        if (token.ProjectId is not { } project)
            throw new DbaasException(ErrorKind.InvalidInput, "ProjectRequired", "Trove needs a project, and this session has none.",
                "Connect with a project (project_name, OS_PROJECT_NAME).");
        var text = address.AbsoluteUri.TrimEnd('/');
        return text.EndsWith("/" + project, StringComparison.Ordinal)
            ? new Uri(text)
            : new Uri(WithVersion(address, "database", "v1.0").AbsoluteUri + "/" + project);
    }

    private static bool IsVersion(string part) =>
        part.Length is > 1 and < 8 && part[0] == 'v' && part[1..].All(c => char.IsAsciiDigit(c) || c == '.') && char.IsAsciiDigit(part[1]);
}
