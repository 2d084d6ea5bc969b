namespace K2hdkcDbaas.Client.Managed;

/// <summary>What the keeping task knows of the way to one server. Guarded by its lock.</summary>
internal sealed class ServerLink : IAsyncDisposable
{
    /// <summary>The open connection, if there is one.</summary>
    public ServerConnection? Connection { get; private set; }

    /// <summary>The attempt under way, if there is one.</summary>
    public Task? Dialling { get; set; }

    public bool IsDialling => Dialling is not null;

    /// <summary>Attempts in vain, and losses, since the last connection that lasted; decides the pause before the next attempt.</summary>
    public int Failures { get; set; }

    /// <summary>Whether the server could not be reached, or was lost, and nothing better is known since.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>When the last attempt or connection ended.</summary>
    public long LastAttempt { get; private set; }

    /// <summary>When the open connection, or the one before, was made.</summary>
    public long ConnectedAt { get; private set; }

    public void Connected(ServerConnection connection, long now)
    {
        Connection = connection;
        ConnectedAt = now;
        HasFailed = false;
    }

    public void Failed(long now)
    {
        Dialling = null;
        Failures++;
        HasFailed = true;
        LastAttempt = now;
    }

    public void Lost(ServerConnection connection, long now, bool hasLasted)
    {
        if (Connection != connection) return;
        Connection = null;
        Failures = hasLasted ? 1 : Failures + 1;
        HasFailed = true;
        LastAttempt = now;
    }

    public async ValueTask DisposeAsync()
    {
        if (Dialling is { } dialling) await dialling.ConfigureAwait(false);
        if (Connection is { } connection) await connection.DisposeAsync().ConfigureAwait(false);
    }
}
