using System.Text.Json.Serialization;

namespace K2hdkcDbaas.Sandbox;

/// <summary>What a fault rule does to a request.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<FaultAction>))]
public enum FaultAction
{
    /// <summary>Only waits, then lets the service answer.</summary>
    Delay,

    /// <summary>Answers with a status and the service's own error body; nothing is changed.</summary>
    Status,

    /// <summary>
    /// Closes the connection without an answer. An HTTP client may repeat the request by itself on a fresh connection, then give a higher
    /// count.
    /// </summary>
    Cut,

    /// <summary>Sends half of the body that was announced, then closes the connection.</summary>
    HalfBody,

    /// <summary>Answers 200 with a body that is no JSON.</summary>
    Garbage,
}
