using System.Net;
using K2hdkcDbaas.Http;

namespace K2hdkcDbaas.K2hr3;

/// <summary>K2HR3's answers to questions by HEAD.</summary>
internal static class Answers
{
    /// <summary>True for 204, false for what means no: 400, 403 and 404.</summary>
    /// <param name="asked">The question, under way.</param>
    public static async Task<bool> IsYesAsync(Task asked)
    {
        try
        {
            await asked.ConfigureAwait(false);
            return true;
        }
        catch (ServiceException e) when (e.Status is HttpStatusCode.BadRequest or HttpStatusCode.Forbidden or HttpStatusCode.NotFound)
        {
            return false;
        }
    }
}
