namespace K2hdkcDbaas.Sandbox.Nodes.Control;

/// <summary>The answers of a chmpx control port, to the letter: programs compare them.</summary>
internal static class ControlAnswers
{
    public const string Done = "SUCCEED\n";
    public const string DoneAlone = "SUCCEED: There no server on RING.\n";
    public const string DoneNoticeAlone = "SUCCEED: Send status notice to no server on RING.\n";
    public const string DoneAlreadyOut = "SUCCEED: Already server has been SERVICEOUT.\n";
    public const string ServersOnly = "ERROR: The command can not be executed on the slave node.\n";
    public const string ServiceOutUsage =
        "ERROR: SERVICEOUT command must have parameter as server/ctlport.(ex: \"SERVICEOUT servername.fqdn:ctlport\")\n";
    public const string NoSuchServer = "ERROR: There is no such as server.\n";
    public const string Operating = "ERROR: Could not change status, because server is operating now.\n";
    public const string NotAllowed = "ERROR: Could not change status, because status is not allowed.\n";
    public const string SomeServer = "ERROR: Could not change status, because some servers could not be changed its status now.\n";
    public const string AutoMerge = "ERROR: Failed to start merging or complete merging.\n";
    public const string TraceUsage = "ERROR: TRACE command must have parameter as enable/disable.(ex: \"TRACE enable\")\n";
    public const string TraceAlready = "ERROR: TRACE is already enabled/disabled.\n";
    public const string TraceFailed = "ERROR: Failed to set TRACE enable/disable.\n";
    public const string TraceNone = "ERROR: Now trace count is 0.\n";
    public const string TraceViewUsage = "ERROR: TRACEVIEW command parameter is \"TRACEVIEW [DIR=IN/OUT/ALL] [DEV=SOCK/MQ/ALL] [COUNT]\"\n";

    public static string Unknown(string command) => $"Unknown command({command})\n";
}
