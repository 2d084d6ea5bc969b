using System.Management.Automation;
using K2hdkcDbaas.Core.Flows;
using K2hdkcDbaas.Errors;

namespace K2hdkcDbaas.Base;

/// <summary>The one place where a fault becomes what PowerShell shows: id, category, target and advice.</summary>
internal static class ErrorRecords
{
    /// <summary>Makes the record of a fault.</summary>
    /// <param name="fault">What went wrong.</param>
    /// <param name="target">What it is about when the fault itself does not say.</param>
    public static ErrorRecord From(Exception fault, object? target) => fault switch
    {
        DbaasException known => Known(known, target),
        FlowCanceledException stopped => new ErrorRecord(stopped, "Stopped", ErrorCategory.OperationStopped, target),
        OperationCanceledException => new ErrorRecord(fault, "Stopped", ErrorCategory.OperationStopped, target),
        _ => new ErrorRecord(fault, "Unexpected", ErrorCategory.NotSpecified, target)
        {
            ErrorDetails = new ErrorDetails($"This should not happen: {fault.GetType().Name}: {fault.Message}")
            {
                RecommendedAction = "Please report it with the output of 'Get-Error'.",
            },
        },
    };

    private static ErrorRecord Known(DbaasException fault, object? target)
    {
        var record = new ErrorRecord(fault, fault.ErrorId, Category(fault.Kind), fault.Target ?? target);
        if (fault.NextStep is not null)
            record.ErrorDetails = new ErrorDetails(fault.Message) { RecommendedAction = fault.NextStep };
        return record;
    }

    private static ErrorCategory Category(ErrorKind kind) => kind switch
    {
        ErrorKind.InvalidInput => ErrorCategory.InvalidArgument,
        ErrorKind.NotFound => ErrorCategory.ObjectNotFound,
        ErrorKind.AlreadyExists => ErrorCategory.ResourceExists,
        ErrorKind.Conflict => ErrorCategory.ResourceBusy,
        ErrorKind.Unauthenticated => ErrorCategory.AuthenticationError,
        ErrorKind.Forbidden => ErrorCategory.PermissionDenied,
        ErrorKind.QuotaExceeded => ErrorCategory.QuotaExceeded,
        ErrorKind.Throttled => ErrorCategory.LimitsExceeded,
        ErrorKind.Timeout => ErrorCategory.OperationTimeout,
        ErrorKind.Unreachable => ErrorCategory.ConnectionError,
        ErrorKind.InvalidResponse => ErrorCategory.ProtocolError,
        ErrorKind.ServiceFailure => ErrorCategory.ResourceUnavailable,
        ErrorKind.NotSupported => ErrorCategory.NotImplemented,
        ErrorKind.Partial => ErrorCategory.InvalidResult,
        _ => ErrorCategory.NotSpecified,
    };
}
