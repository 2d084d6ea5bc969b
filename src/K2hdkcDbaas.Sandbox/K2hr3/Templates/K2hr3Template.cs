namespace K2hdkcDbaas.Sandbox.K2hr3.Templates;

/// <summary>
/// A template as K2HR3 keeps it in string resources: text with statements between double braces. Checked against cases that the real
/// engines of both releases answered.
/// </summary>
public sealed class K2hr3Template
{
    private const int MaxLength = 1024 * 1024;

    private readonly List<TemplateStatement> _statements;
    private readonly K2hr3Version _version;

    private K2hr3Template(List<TemplateStatement> statements, IReadOnlyList<string> variables, K2hr3Version version)
    {
        _statements = statements;
        Variables = variables;
        _version = version;
    }

    /// <summary>The names of all variables in the text, in their order; those that are yrn paths are looked up before a run.</summary>
    public IReadOnlyList<string> Variables { get; }

    /// <summary>Reads a template.</summary>
    /// <param name="text">The whole text, with or without an engine line at its start.</param>
    /// <param name="version">Whose rules hold.</param>
    /// <exception cref="TemplateException">The text cannot be read.</exception>
    public static K2hr3Template Load(string text, K2hr3Version version)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length > MaxLength)
        {
            throw TemplateException.Load("The template is too long.");
        }

        var variables = new List<string>();
        return new K2hr3Template(TemplateReader.Read(WithoutEngineLine(text, version), version, variables), variables, version);
    }

    /// <summary>Expands the template.</summary>
    /// <param name="variables">The variables at the start; the run changes and adds some.</param>
    /// <exception cref="TemplateException">A statement cannot be carried out.</exception>
    public string Execute(TemplateMap variables)
    {
        ArgumentNullException.ThrowIfNull(variables);
        return new TemplateRun(variables, _version).Run(_statements);
    }

    /// <summary>Expands the template with no variables; those that a statement sets are gone at the next one.</summary>
    /// <exception cref="TemplateException">A statement cannot be carried out.</exception>
    public string ExecuteForgetting()
        => string.Concat(_statements.Select(statement => new TemplateRun([], _version).Run([statement])));

    private static string WithoutEngineLine(string text, K2hr3Version version)
    {
        const string start = "{{#!";
        var end = text.StartsWith(start, StringComparison.Ordinal) ? text.IndexOf("}}", start.Length, StringComparison.Ordinal) : -1;
        if (end < 0 || text.AsSpan(0, end).IndexOfAny('\r', '\n') >= 0)
        {
            return text;
        }

        var engine = text[start.Length..end].TrimEnd(' ', '\t');
        if (engine.Length == 0 && version == K2hr3Version.V1)
        {
            return text;
        }

        return engine.Equals("k2hr3template", StringComparison.OrdinalIgnoreCase) || engine.Equals("k2hr3template.js", StringComparison.OrdinalIgnoreCase)
            ? text[(end + 2)..].TrimStart('\r', '\n')
            : throw TemplateException.Load($"There is no template engine '{engine}'.");
    }
}
