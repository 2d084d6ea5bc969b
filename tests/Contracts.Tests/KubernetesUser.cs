namespace K2hdkcDbaas.Contracts.Tests;

/// <summary>Who signs in.</summary>
public enum KubernetesUser
{
    /// <summary>With a client certificate, and all rights.</summary>
    Owner,

    /// <summary>With a token, and all rights.</summary>
    Token,

    /// <summary>With a token, and no right.</summary>
    Nobody,
}
