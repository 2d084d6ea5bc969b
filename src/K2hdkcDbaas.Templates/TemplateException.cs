namespace K2hdkcDbaas.Templates;

/// <summary>A template that cannot be expanded. The message says where and why in our words; the real service tells neither.</summary>
/// <param name="kind">How far the template got.</param>
/// <param name="reason">Why it cannot go on.</param>
public sealed class TemplateException(TemplateErrorKind kind, string reason) : Exception(reason)
{
    private int _at = -1;

    /// <summary>How far the template got.</summary>
    public TemplateErrorKind Kind { get; } = kind;

    /// <summary>Why it cannot go on, without the place.</summary>
    public string Reason { get; } = reason;

    /// <summary>The line of the text, counted from 1; 0 when the place is not known.</summary>
    public int Line { get; private set; }

    /// <summary>The character in that line, counted from 1; 0 when the place is not known.</summary>
    public int Column { get; private set; }

    /// <inheritdoc/>
    public override string Message => Line == 0 ? Reason : $"Line {Line}, column {Column}: {Reason}";

    /// <summary>Whether it is known already where in the text the error is.</summary>
    internal bool HasPlace => _at >= 0;

    internal static TemplateException Load(string reason, int at = -1) => new(TemplateErrorKind.Load, reason) { _at = at };

    internal static TemplateException Execute(string reason) => new(TemplateErrorKind.Execute, reason);

    internal static TemplateException Crash(string reason, int at = -1) => new(TemplateErrorKind.Crash, reason) { _at = at };

    /// <summary>Says where it is; the innermost one to know has the last word.</summary>
    internal void Place(int at)
    {
        if (!HasPlace)
        {
            _at = at;
        }
    }

    /// <summary>Works out line and column.</summary>
    /// <param name="text">The whole text.</param>
    /// <param name="skipped">How much of its start was not counted.</param>
    internal void Locate(string text, int skipped)
    {
        if (HasPlace && Line == 0)
        {
            (Line, Column) = TemplatePlace.Of(text, skipped + _at);
        }
    }
}
