namespace K2hdkcDbaas.OpenStack.Configuration;

/// <summary>Who logs in to Keystone. Prints without secrets.</summary>
public abstract record CloudCredential
{
    /// <summary>What kind it is, for people.</summary>
    public abstract string Kind { get; }

    /// <inheritdoc/>
    public override string ToString() => Kind;
}
