namespace K2hdkcDbaas.Http;

/// <summary>A request that will be sent again.</summary>
/// <param name="Service">The service's short name.</param>
/// <param name="Method">The HTTP method.</param>
/// <param name="Url">The address, secret parts masked.</param>
/// <param name="NextAttempt">The number of the coming attempt, from 2.</param>
/// <param name="Delay">The wait before it.</param>
/// <param name="Reason">Why the last attempt was not enough.</param>
public sealed record HttpRetry(string Service, string Method, string Url, int NextAttempt, TimeSpan Delay, string Reason)
{
    /// <summary>One line for a person.</summary>
    public override string ToString() =>
        $"{Service}: {Reason}; sending {Method} {Url} again (attempt {NextAttempt}) in {Delay.TotalSeconds:0.##} s";
}
