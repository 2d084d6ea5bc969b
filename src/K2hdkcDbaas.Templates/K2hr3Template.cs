namespace K2hdkcDbaas.Templates;

/// <summary>
/// A template as K2HR3 keeps it in string resources: text with statements between double braces. Checked against cases that the real
/// engines of both releases answered (k2hr3_api src/lib/k2hr3template.ts).
/// </summary>
public sealed class K2hr3Template
{
    private const int MaxLength = 1024 * 1024;

    private readonly List<TemplateStatement> _statements;
    private readonly K2hr3Version _version;
    private readonly string _text;
    private readonly int _skipped;

    private K2hr3Template(string text, int skipped, List<TemplateStatement> statements, IReadOnlyList<string> variables,
        K2hr3Version version)
    {
        _text = text;
        _skipped = skipped;
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

        var skipped = 0;
        try
        {
            var body = WithoutEngineLine(text, version);
            skipped = text.Length - body.Length;
            var variables = new List<string>();
            return new K2hr3Template(text, skipped, TemplateReader.Read(body, version, variables), variables, version);
        }
        catch (TemplateException e)
        {
            e.Locate(text, skipped);
            throw;
        }
    }

    /// <summary>Expands the template.</summary>
    /// <param name="variables">The variables at the start; the run changes and adds some.</param>
    /// <exception cref="TemplateException">A statement cannot be carried out.</exception>
    public string Execute(TemplateMap variables) => Expand(variables).Text;

    /// <summary>Expands the template and tells which variables it missed.</summary>
    /// <param name="variables">The variables at the start; the run changes and adds some.</param>
    /// <exception cref="TemplateException">A statement cannot be carried out.</exception>
    public TemplateExpansion Expand(TemplateMap variables)
    {
        ArgumentNullException.ThrowIfNull(variables);
        return Run(variables, _statements);
    }

    /// <summary>Expands the template with no variables; those that a statement sets are gone at the next one.</summary>
    /// <exception cref="TemplateException">A statement cannot be carried out.</exception>
    public string ExecuteForgetting() => string.Concat(_statements.Select(statement => Run([], [statement]).Text));

    private TemplateExpansion Run(TemplateMap variables, List<TemplateStatement> statements)
    {
        var run = new TemplateRun(variables, _version);
        try
        {
            var text = run.Run(statements);
            return new TemplateExpansion(text, [.. run.Missing.Select(Located)]);
        }
        catch (TemplateException e)
        {
            e.Locate(_text, _skipped);
            throw;
        }
    }

    private TemplateVariable Located((string Name, int At) missing)
    {
        var (line, column) = TemplatePlace.Of(_text, _skipped + missing.At);
        return new TemplateVariable(missing.Name, line, column);
    }

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

        return engine.Equals("k2hr3template", StringComparison.OrdinalIgnoreCase)
            || engine.Equals("k2hr3template.js", StringComparison.OrdinalIgnoreCase)
            ? text[(end + 2)..].TrimStart('\r', '\n')
            : throw TemplateException.Load($"There is no template engine '{engine}'.", start.Length);
    }
}
