using System.Globalization;

namespace K2hdkcDbaas.Protocol.Commands;

/// <summary>A result as it is sent: success or error in the upper half, the detail in the lower.</summary>
/// <param name="Value">The 64 bits.</param>
public readonly record struct ResultCode(ulong Value)
{
    /// <summary>What a request carries in the place of a result.</summary>
    public static readonly ResultCode Request = new(ulong.MaxValue);

    /// <summary>Success.</summary>
    public static readonly ResultCode Ok = new(0);

    /// <summary>Success, but there is nothing to return.</summary>
    public static readonly ResultCode NoData = Success(ResultDetail.NoData);

    private const ulong ErrorHalf = 0x8000_0000UL << 32;

    /// <summary>Whether the command succeeded. Reads that find nothing do too.</summary>
    public bool IsSuccess => Value >> 32 == 0;

    /// <summary>The detail.</summary>
    public ResultDetail Detail => (ResultDetail)(uint)Value;

    /// <summary>A success with a detail.</summary>
    /// <param name="detail">The detail.</param>
    public static ResultCode Success(ResultDetail detail) => new((ulong)detail);

    /// <summary>An error with a detail.</summary>
    /// <param name="detail">The detail.</param>
    public static ResultCode Error(ResultDetail detail) => new(ErrorHalf | (ulong)detail);

    /// <summary>For example <c>error NotSameValue (0x8000000000000017)</c>.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{(IsSuccess ? "success" : "error")} {Detail} (0x{Value:x})");
}
