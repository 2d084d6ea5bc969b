namespace K2hdkcDbaas.Core.Backends;

/// <summary>Finds candidates for a setting of a session that is about to be made.</summary>
/// <param name="settings">What has been given of the engine's settings so far, paths made absolute.</param>
/// <param name="variable">Looks a variable of the process up.</param>
/// <param name="homeFolder">The user's home folder.</param>
/// <param name="cancellationToken">Fires at the time limit.</param>
public delegate Task<IReadOnlyList<ParameterCandidate>> SettingCompletion(IReadOnlyDictionary<string, object?> settings,
    Func<string, string?> variable, string homeFolder, CancellationToken cancellationToken);
