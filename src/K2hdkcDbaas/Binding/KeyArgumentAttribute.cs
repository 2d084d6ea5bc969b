using System.Collections;
using System.Globalization;
using System.Management.Automation;
using K2hdkcDbaas.Model;

namespace K2hdkcDbaas.Binding;

/// <summary>
/// Lets a parameter of keys take text, bytes, and what bears a key. An array of bytes is one key, and numbers are their text, where
/// PowerShell's own conversion would do otherwise.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class KeyArgumentAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        // A property of the pipeline's object may be empty; whether that will do is the parameter's to say.
        if (inputData is null) return null!;
        var value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        if (value is not IEnumerable list || value is string or byte[]) return Single(inputData);
        return list.Cast<object>().Select(Single).ToArray();
    }

    private static object Single(object item)
    {
        var value = item is PSObject wrapped ? wrapped.BaseObject : item;
        return value switch
        {
            KeyReference => value,
            IKeyBearer { Reference: { } reference } => reference,
            byte[] bytes => new KeyReference(bytes),
            string text => new KeyReference(text),
            IConvertible other => new KeyReference(Convert.ToString(other, CultureInfo.InvariantCulture) ?? ""),
            _ when item is PSObject { Properties: var all } && all["IsBare"] is not null
                && GivenObject.Of(item) is { Kind: ObjectKind.Key or ObjectKind.QueueItem } given => Restored(given) ?? item,
            _ when item is PSObject { Properties: var properties } && properties["Key"]?.Value is { } key => Single(key),
            _ when value.GetType().GetProperty("Key")?.GetValue(value) is { } key => Single(key),
            _ => item,
        };
    }

    /// <summary>The key of an object that was one of the module's before it went through a file or a job: the same bytes.</summary>
    private static KeyReference? Restored(GivenObject given)
    {
        var key = Bytes(given.Text("KeyBase64")) ?? given.Property("Key");
        if (key is PSObject wrapped) key = wrapped.BaseObject;
        if (key is null or string { Length: 0 }) return null;
        var isBare = Flag(given, "IsBare");
        if (given.Property("Value") is null && given.Text("ValueBase64") is null) return KeyReference.Of(key, isBare);
        var value = Bytes(given.Text("ValueBase64")) ?? given.Property("Value");
        return KeyReference.Of(key, isBare, new K2hdkcKey
        {
            Key = key,
            IsBare = isBare,
            Value = value is PSObject { BaseObject: not PSCustomObject } inner ? inner.BaseObject : value,
            IsBareValue = Flag(given, "IsBareValue"),
            IsRead = true,
        });
    }

    private static bool Flag(GivenObject given, string property) => bool.TryParse(given.Text(property), out var flag) && flag;

    private static byte[]? Bytes(string? base64)
    {
        if (base64 is null) return null;
        var bytes = new byte[base64.Length];
        return Convert.TryFromBase64String(base64, bytes, out var count) ? bytes[..count] : null;
    }
}
