
namespace K2hdkcDbaas.Sandbox.Kubernetes.Api;

/// <summary>The forms that objects are asked for in.</summary>
internal enum Form
{
    Object,
    Table,
    Partial,
}

/// <summary>Reads the Accept header.</summary>
internal static class Forms
{
    /// <summary>The first form in the header that is known; 406 when there is none.</summary>
    public static Form Of(ApiRequest request)
    {
        var accept = request.Context.Request.Headers.Accept.ToString();
        if (accept.Length == 0) return Form.Object;
        foreach (var choice in accept.Split(','))
        {
            var parts = choice.Split(';', StringSplitOptions.TrimEntries);
            if (parts[0] is not ("application/json" or "*/*" or "application/*")) continue;
            switch (parts.FirstOrDefault(p => p.StartsWith("as=", StringComparison.Ordinal)))
            {
                case null:
                    return Form.Object;
                case "as=Table" when parts.Contains("v=v1"):
                    return Form.Table;
                case "as=PartialObjectMetadata" or "as=PartialObjectMetadataList":
                    return Form.Partial;
            }
        }
        throw new KubeFault(406, "NotAcceptable", "only the following media types are accepted: application/json");
    }

}
