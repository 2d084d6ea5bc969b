using K2hdkcDbaas.Errors;

namespace K2hdkcDbaas.Core.Flows;

/// <summary>
/// A flow of several steps failed. Kind and error id are those of the step that failed; the message also says what was undone and
/// what is left.
/// </summary>
public sealed class FlowException : DbaasException
{
    /// <summary>Makes the error of a flow.</summary>
    /// <param name="cause">The failure of the step.</param>
    /// <param name="message">What the flow was, what failed, what was undone and what is left.</param>
    /// <param name="nextStep">What to do about it.</param>
    /// <param name="undone">What was made and rolled back.</param>
    /// <param name="left">What was made and still exists.</param>
    /// <param name="undoErrors">What failed while undoing.</param>
    public FlowException(DbaasException cause, string message, string? nextStep, IReadOnlyList<FlowItem> undone,
        IReadOnlyList<FlowItem> left, IReadOnlyList<Exception> undoErrors)
        : base((cause ?? throw new ArgumentNullException(nameof(cause))).Kind, cause.ErrorId, message, nextStep, cause)
    {
        Undone = undone;
        Left = left;
        UndoErrors = undoErrors;
        Service = cause.Service;
        RequestId = cause.RequestId;
        Target = cause.Target;
    }

    /// <summary>What the flow had made and has rolled back.</summary>
    public IReadOnlyList<FlowItem> Undone { get; }

    /// <summary>What the flow had made and still exists, because it was told to keep it or could not undo it.</summary>
    public IReadOnlyList<FlowItem> Left { get; }

    /// <summary>What failed while undoing; empty when all went well.</summary>
    public IReadOnlyList<Exception> UndoErrors { get; }
}
