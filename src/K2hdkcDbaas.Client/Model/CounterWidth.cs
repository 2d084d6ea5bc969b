namespace K2hdkcDbaas.Client.Model;

/// <summary>How wide a counter is, in bytes.</summary>
public enum CounterWidth
{
    /// <summary>8 bits.</summary>
    Bits8 = 1,

    /// <summary>16 bits.</summary>
    Bits16 = 2,

    /// <summary>32 bits.</summary>
    Bits32 = 4,

    /// <summary>64 bits.</summary>
    Bits64 = 8,
}
