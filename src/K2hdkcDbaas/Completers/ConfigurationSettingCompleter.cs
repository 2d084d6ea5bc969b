namespace K2hdkcDbaas.Completers;

/// <summary>Completes the beginning of a setting: <c>name=</c>.</summary>
public sealed class ConfigurationSettingCompleter : ConfigurationParameterCompleter
{
    private protected override string Suffix => "=";
}
