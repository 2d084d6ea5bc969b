namespace K2hdkcDbaas.Http;

/// <summary>
/// What a call of a service's interface says to the handlers, written as Refit's <c>[Headers]</c> and <c>[Property]</c> beside the call.
/// The handlers take these headers off: nothing of them is sent.
/// </summary>
public static class Call
{
    /// <summary>Before the statuses that mean success, such as <c>202</c> or <c>200,202</c>; without it 200 alone does.</summary>
    public const string Expect = ExpectHeader + ": ";

    /// <summary>The call may be sent twice though its method does not promise that.</summary>
    public const string Repeatable = RepeatHeader + ": yes";

    /// <summary>The call may not be sent twice though its method promises that.</summary>
    public const string Once = RepeatHeader + ": no";

    /// <summary>The call goes without a token.</summary>
    public const string Anonymous = AnonymousHeader + ": yes";

    /// <summary>The property that holds a token for this call alone, sent instead of the session's and never renewed.</summary>
    public const string Token = "K2hdkc.Token";

    internal const string ExpectHeader = "K2hdkc-Expect";
    internal const string RepeatHeader = "K2hdkc-Repeat";
    internal const string AnonymousHeader = "K2hdkc-Anonymous";
}
