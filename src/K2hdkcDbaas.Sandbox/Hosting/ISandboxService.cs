namespace K2hdkcDbaas.Sandbox;

/// <summary>
/// One service of the sandbox, with a listener of its own. All its state lives in it or in the <see cref="SandboxState"/>.
/// </summary>
internal interface ISandboxService
{
    /// <summary>Short name, as in the ready line and in fault rules: keystone, nova, glance, neutron, trove, k2hr3, kubernetes.</summary>
    string Name { get; }

    /// <summary>Type in Keystone's catalogue (compute, image ...); null keeps it out of the catalogue.</summary>
    string? ServiceType { get; }

    /// <summary>What follows host and port in the catalogue's URL; {project_id} is filled in.</summary>
    string CatalogPath { get; }

    /// <summary>Adds the routes.</summary>
    /// <param name="routes">Routes of this service's listener.</param>
    /// <param name="state">The sandbox it belongs to.</param>
    void Map(IEndpointRouteBuilder routes, SandboxState state);

    /// <summary>Answers with an error as the real service words and shapes it. Called for every <see cref="ApiFault"/>,
    /// for paths and methods that no route takes (404, 405), and by fault rules.</summary>
    /// <param name="context">The request.</param>
    /// <param name="fault">What went wrong.</param>
    Task WriteFaultAsync(HttpContext context, ApiFault fault);

    /// <summary>Runs before every route: sets headers that all answers have.</summary>
    /// <param name="context">The request.</param>
    void Prepare(HttpContext context)
    {
    }

    /// <summary>Sets up its listener beyond plain HTTP.</summary>
    /// <param name="listener">The listener's options.</param>
    void Listen(Microsoft.AspNetCore.Server.Kestrel.Core.ListenOptions listener)
    {
    }

    /// <summary>Takes secrets out of a path with query before it is recorded.</summary>
    /// <param name="pathAndQuery">As received.</param>
    string Redact(string pathAndQuery) => pathAndQuery;
}
