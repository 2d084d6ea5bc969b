using System.Collections;
using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Text.Json.Nodes;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Completers;
using K2hdkcDbaas.Core.Backends;
using K2hdkcDbaas.Core.Model;

namespace K2hdkcDbaas.Parts;

/// <summary>
/// The parameters that only some back ends understand, as dynamic parameters of a cmdlet. Those of all engines are there, since an object
/// in the pipeline may decide which engine is asked; what that does not understand is told.
/// </summary>
internal sealed class EngineParameters(ParameterUses use)
{
    private RuntimeDefinedParameterDictionary _defined = [];

    /// <summary>Defines them; PowerShell asks for this once per call, after the other parameters are bound.</summary>
    /// <param name="providers">The engines to choose from.</param>
    public RuntimeDefinedParameterDictionary Define(IReadOnlyList<IClusterBackendProvider> providers)
    {
        _defined = [];
        foreach (var parameters in providers.SelectMany(p => p.Parameters.Where(q => q.Uses.HasFlag(use)))
            .GroupBy(p => p.Name, StringComparer.OrdinalIgnoreCase))
            _defined.Add(parameters.Key, Defined(parameters.First(), parameters.Any(p => p.FromPipelineByName)));
        return _defined;
    }

    /// <summary>The values given, each with what the engine says of it.</summary>
    /// <param name="provider">The engine that is asked.</param>
    public IEnumerable<(BackendParameter Parameter, object Value)> Of(IClusterBackendProvider provider) =>
        from parameter in provider.Parameters
        where parameter.Uses.HasFlag(use) && _defined.TryGetValue(parameter.Name, out var defined)
            && defined is { IsSet: true, Value: not null }
        select (parameter, Value(_defined[parameter.Name].Value, parameter.Type));

    /// <summary>The names given that an engine does not understand, or that are of use with slaves only where none are made.</summary>
    /// <param name="provider">The engine that is asked.</param>
    /// <param name="slaves">Whether slaves are made.</param>
    public IEnumerable<string> Unused(IClusterBackendProvider provider, bool slaves) =>
        from defined in _defined.Values
        where defined.IsSet
            && provider.Parameters.All(
                p => !p.Uses.HasFlag(use) || !p.Name.Equals(defined.Name, StringComparison.OrdinalIgnoreCase) || (p.ForSlaves && !slaves))
        select defined.Name;

    private static RuntimeDefinedParameter Defined(BackendParameter parameter, bool fromPipeline)
    {
        var attributes =
            new Collection<Attribute> { new ParameterAttribute { HelpMessage = parameter.Help,
                ValueFromPipelineByPropertyName = fromPipeline } };
        if (parameter.Type != typeof(bool) && parameter.Type != typeof(int)) attributes.Add(new ValidateNotNullOrEmptyAttribute());
        if (parameter.Type == typeof(Reference) || parameter.Type == typeof(Reference[])) attributes.Add(new ReferenceArgumentAttribute());
        if (parameter.Allowed.Count > 0) attributes.Add(new ValidateSetAttribute([.. parameter.Allowed]));
        if (parameter.Range is { } range) attributes.Add(new ValidateRangeAttribute(range.Least, range.Greatest));
        if (parameter.Complete is not null) attributes.Add(new ArgumentCompleterAttribute(typeof(EngineParameterCompleter)));
        if (parameter.CompleteSetting is not null) attributes.Add(new ArgumentCompleterAttribute(typeof(SessionSettingCompleter)));
        return new RuntimeDefinedParameter(parameter.Name, Bound(parameter.Type), attributes);
    }

    // What PowerShell binds: its own types where it has such.
    private static Type Bound(Type type) =>
        type == typeof(bool) ? typeof(SwitchParameter)
        : type == typeof(JsonObject) || type == typeof(IReadOnlyDictionary<string, string>) ? typeof(Hashtable)
        : type == typeof(JsonArray) ? typeof(Hashtable[])
        : type;

    private static object Value(object value, Type type) => value switch
    {
        PSObject wrapped => Value(wrapped.BaseObject, type),
        SwitchParameter flag => flag.IsPresent,
        Hashtable map when type == typeof(IReadOnlyDictionary<string, string>) =>
            map.Cast<DictionaryEntry>().ToDictionary(e => e.Key.ToString()!, e => LanguagePrimitives.ConvertTo<string>(e.Value)),
        Hashtable or Hashtable[] => JsonValues.From(value)!,
        _ => value,
    };
}
