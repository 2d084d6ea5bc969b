namespace K2hdkcDbaas.Templates;

/// <summary>How far a template got before it failed.</summary>
public enum TemplateErrorKind
{
    /// <summary>The text cannot be read as a template; nothing ran.</summary>
    Load,

    /// <summary>The template was read, but a statement could not be carried out.</summary>
    Execute,

    /// <summary>The real engine throws here and its web server answers 500.</summary>
    Crash,
}
