using K2hdkcDbaas.Client.Managed;
using K2hdkcDbaas.Client.Native;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Protocol.Configuration;

namespace K2hdkcDbaas.Client;

/// <summary>Connects to rings.</summary>
public static class K2hdkcClientFactory
{
    /// <summary>Connects to a ring.</summary>
    /// <param name="options">Which ring, over which transport, how patiently.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="DbaasException">The ring cannot be joined; the ids are those of <see cref="K2hdkcErrors"/>.</exception>
    public static async Task<IK2hdkcClient> ConnectAsync(K2hdkcClientOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        Check(options);
        var configuration = options.Configuration
            ?? await ConfigurationFile.LoadAsync(options.ConfigurationPath
                ?? throw ClientErrors.InvalidOptions("Neither a ring configuration nor a file of one is given.", "Give one of them."),
                cancellationToken)
                .ConfigureAwait(false);
        return options.Transport switch
        {
            K2hdkcTransport.Native => await NativeClient.ConnectAsync(configuration, options, cancellationToken).ConfigureAwait(false),
            K2hdkcTransport.Managed => await JoinAsync(configuration, options, cancellationToken).ConfigureAwait(false),
            _ => await ConnectAnyAsync(configuration, options, cancellationToken).ConfigureAwait(false),
        };
    }

    private static async Task<IK2hdkcClient> JoinAsync(RingConfiguration configuration, K2hdkcClientOptions options,
        CancellationToken cancellationToken) =>
        await ManagedClient.ConnectAsync(configuration, options, new TcpDialer(options), cancellationToken).ConfigureAwait(false);

    // A host may be let into the ring through its slave chmpx only.
    private static async Task<IK2hdkcClient> ConnectAnyAsync(RingConfiguration configuration, K2hdkcClientOptions options,
        CancellationToken cancellationToken)
    {
        DbaasException refusal;
        try
        {
            return await JoinAsync(configuration, options, cancellationToken).ConfigureAwait(false);
        }
        catch (DbaasException e)
            when (e.Kind is ErrorKind.Unreachable or ErrorKind.Timeout or ErrorKind.Forbidden && options.ConfigurationPath is not null)
        {
            if (!K2hdkcLibrary.IsPresent()) throw;
            refusal = e;
        }

        try
        {
            return await NativeClient.ConnectAsync(configuration, options, cancellationToken).ConfigureAwait(false);
        }
        catch (DbaasException e)
        {
            throw new DbaasException(refusal.Kind, refusal.ErrorId, $"{refusal.Message} The native transport failed too: {e.Message}",
                refusal.NextStep, refusal)
            { Service = refusal.Service };
        }
    }

    private static void Check(K2hdkcClientOptions options)
    {
        if (options.MaxInFlightPerServer is < 1 or > 1024)
            throw ClientErrors.InvalidOptions($"MaxInFlightPerServer is {options.MaxInFlightPerServer}.",
                "Give 1 to 1024; 1 is safe for every server.");
        if (options.MaxFrameLength < 128 * 1024)
            throw ClientErrors.InvalidOptions($"MaxFrameLength is {options.MaxFrameLength}.",
                "Give at least 131072 bytes: the list of servers needs about 27 KB for each.");
        foreach (var time in new[] { options.CallTimeout, options.ConnectTimeout, options.HandshakeTimeout, options.ReconnectDelay,
            options.MaxReconnectDelay })
            if (time <= TimeSpan.Zero) throw ClientErrors.InvalidOptions($"A timeout of {time} is given.", "Give times above zero.");
    }
}
