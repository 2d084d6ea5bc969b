using System.Reflection;
using K2hdkcDbaas.Errors;
using Refit;

namespace K2hdkcDbaas.Http;

/// <summary>
/// Turns the values of a call into text for its address; Refit escapes it. A part of the path that is empty or only dots would leave its
/// place, and so is refused. Values of the query are marked with <c>[Query]</c> and may be anything.
/// </summary>
internal sealed class RestValues : IUrlParameterFormatter
{
    public static readonly RestValues Instance = new();

    public string? Format(object? value, ICustomAttributeProvider attributeProvider, Type type)
    {
        if (value is bool flag) return flag ? "true" : "false";
        var text = value is IFormattable number
            ? number.ToString(null, System.Globalization.CultureInfo.InvariantCulture)
            : value?.ToString();
        if (attributeProvider.IsDefined(typeof(QueryAttribute), false)) return text;
        if (string.IsNullOrWhiteSpace(text) || text is "." or "..")
            throw new DbaasException(ErrorKind.InvalidInput, "InvalidName", $"'{text}' cannot be the name or id of anything.",
                "Give a name or id that is not empty and not only dots.")
            { Target = value };
        return text;
    }
}
