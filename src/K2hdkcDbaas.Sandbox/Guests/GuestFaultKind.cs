using System.Text.Json.Serialization;

namespace K2hdkcDbaas.Sandbox;

/// <summary>What goes wrong in a guest.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<GuestFaultKind>))]
public enum GuestFaultKind
{
    /// <summary>The machine is ACTIVE, but its system never comes up.</summary>
    NoBoot,

    /// <summary>The system comes up and has no network: it cannot fetch its user data.</summary>
    NoNetwork,

    /// <summary>The user data is fetched, and its script fails before it registers.</summary>
    NoRegistration,

    /// <summary>There is no guest at all: Nova finds no host for the server, which goes to ERROR.</summary>
    NoHost,
}
