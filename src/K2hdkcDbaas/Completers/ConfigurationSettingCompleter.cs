using System.Collections;
using System.Runtime.CompilerServices;
using K2hdkcDbaas.Core.Backends;
using K2hdkcDbaas.Core.Sessions;

namespace K2hdkcDbaas.Completers;

/// <summary>Completes the beginning of a setting: <c>name=</c>.</summary>
public sealed class ConfigurationSettingCompleter : ConfigurationParameterCompleter
{
    private protected override string Suffix => "=";
}
