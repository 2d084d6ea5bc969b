using System.Management.Automation;
using K2hdkcDbaas.Core;
using K2hdkcDbaas.Faults;

namespace K2hdkcDbaas.Commands;

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

    private static ErrorCategory Category(FaultKind kind) => kind switch
    {
        FaultKind.InvalidInput => ErrorCategory.InvalidArgument,
        FaultKind.NotFound => ErrorCategory.ObjectNotFound,
        FaultKind.AlreadyExists => ErrorCategory.ResourceExists,
        FaultKind.Conflict => ErrorCategory.ResourceBusy,
        FaultKind.Unauthenticated => ErrorCategory.AuthenticationError,
        FaultKind.Forbidden => ErrorCategory.PermissionDenied,
        FaultKind.QuotaExceeded => ErrorCategory.QuotaExceeded,
        FaultKind.Throttled => ErrorCategory.LimitsExceeded,
        FaultKind.Timeout => ErrorCategory.OperationTimeout,
        FaultKind.Unreachable => ErrorCategory.ConnectionError,
        FaultKind.InvalidResponse => ErrorCategory.ProtocolError,
        FaultKind.ServiceFailure => ErrorCategory.ResourceUnavailable,
        FaultKind.NotSupported => ErrorCategory.NotImplemented,
        FaultKind.Partial => ErrorCategory.InvalidResult,
        _ => ErrorCategory.NotSpecified,
    };
}
