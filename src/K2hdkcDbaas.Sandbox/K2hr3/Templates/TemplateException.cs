namespace K2hdkcDbaas.Sandbox.K2hr3.Templates;

/// <summary>How far a template got before it failed.</summary>
public enum TemplateFaultKind
{
    /// <summary>The text cannot be read as a template; nothing ran.</summary>
    Load,

    /// <summary>The template was read, but a statement could not be carried out.</summary>
    Execute,

    /// <summary>The real engine throws here and its web server answers 500.</summary>
    Crash,
}

/// <summary>A template that cannot be expanded. The message says why in our words; the service answers in its own.</summary>
public sealed class TemplateException(TemplateFaultKind kind, string message) : Exception(message)
{
    /// <summary>How far the template got.</summary>
    public TemplateFaultKind Kind { get; } = kind;

    internal static TemplateException Load(string message) => new(TemplateFaultKind.Load, message);

    internal static TemplateException Execute(string message) => new(TemplateFaultKind.Execute, message);

    internal static TemplateException Crash(string message) => new(TemplateFaultKind.Crash, message);
}
