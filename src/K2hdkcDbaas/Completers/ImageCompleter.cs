using System.Collections;
using System.Runtime.CompilerServices;
using K2hdkcDbaas.Core.Backends;
using K2hdkcDbaas.Core.Sessions;

namespace K2hdkcDbaas.Completers;

/// <summary>Completes names of images.</summary>
public sealed class ImageCompleter : DbaasCompleter
{
    private protected override async IAsyncEnumerable<Candidate> FindAsync(
        IDbaasSession session, IDictionary bound, string parameter, string pattern,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var image in session.Feature<ICloudCatalog>().GetImagesAsync(pattern, cancellationToken).ConfigureAwait(false))
            yield return new Candidate(image.Name, $"{image.Name} ({image.Id}) {image.Status}");
    }
}
