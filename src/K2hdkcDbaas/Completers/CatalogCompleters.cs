using System.Collections;
using System.Runtime.CompilerServices;
using K2hdkcDbaas.Core.Backends;
using K2hdkcDbaas.Core.Sessions;

namespace K2hdkcDbaas.Completers;

/// <summary>Completes names of images.</summary>
public sealed class ImageCompleter : DbaasCompleter
{
    private protected override async IAsyncEnumerable<Candidate> FindAsync(
        IDbaasSession session, IDictionary bound, string parameter, string pattern, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var image in session.Feature<ICloudCatalog>().GetImagesAsync(pattern, cancellationToken).ConfigureAwait(false))
            yield return new Candidate(image.Name, $"{image.Name} ({image.Id}) {image.Status}");
    }
}

/// <summary>Completes names of flavors.</summary>
public sealed class FlavorCompleter : DbaasCompleter
{
    private protected override async IAsyncEnumerable<Candidate> FindAsync(
        IDbaasSession session, IDictionary bound, string parameter, string pattern, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var flavor in session.Feature<ICloudCatalog>().GetFlavorsAsync(pattern, cancellationToken).ConfigureAwait(false))
            yield return new Candidate(flavor.Name, $"{flavor.Name}: {flavor.VCpus} VCPU, {flavor.Ram} MiB, {flavor.Disk} GiB");
    }
}

/// <summary>Completes names of networks.</summary>
public sealed class NetworkCompleter : DbaasCompleter
{
    private protected override async IAsyncEnumerable<Candidate> FindAsync(
        IDbaasSession session, IDictionary bound, string parameter, string pattern, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var network in session.Feature<ICloudCatalog>().GetNetworksAsync(pattern, cancellationToken).ConfigureAwait(false))
            yield return new Candidate(network.Name, $"{network.Name} ({network.Id})");
    }
}

/// <summary>Completes names of key pairs.</summary>
public sealed class KeyPairCompleter : DbaasCompleter
{
    private protected override async IAsyncEnumerable<Candidate> FindAsync(
        IDbaasSession session, IDictionary bound, string parameter, string pattern, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var pair in session.Feature<ICloudCatalog>().GetKeyPairsAsync(pattern, cancellationToken).ConfigureAwait(false))
            yield return new Candidate(pair.Name, $"{pair.Name} {pair.Fingerprint}");
    }
}

/// <summary>Completes names of security groups.</summary>
public sealed class SecurityGroupCompleter : DbaasCompleter
{
    private protected override async IAsyncEnumerable<Candidate> FindAsync(
        IDbaasSession session, IDictionary bound, string parameter, string pattern, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var group in session.Feature<ICloudCatalog>().GetSecurityGroupsAsync(pattern, cancellationToken).ConfigureAwait(false))
            yield return new Candidate(group.Name, $"{group.Name}: {group.Description}");
    }
}
