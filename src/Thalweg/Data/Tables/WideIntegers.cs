namespace Thalweg.Data;

/// <summary>A column of integers of 64 bits, of which double precision does not hold all: two labels beyond 2^53 stay two.</summary>
/// <param name="Bits">The bits of each row.</param>
/// <param name="IsUnsigned">Whether they stand for 0 to 2^64 - 1, and not for -2^63 to 2^63 - 1.</param>
internal sealed record WideIntegers(long[] Bits, bool IsUnsigned)
{
    /// <summary>Double precision holds every integer up to this one.</summary>
    private const long LargestExact = 1L << 53;

    /// <summary>The integer of a row.</summary>
    public Int128 this[int row] => Value(Bits[row], IsUnsigned);

    /// <summary>Whether an integer has to be kept as one.</summary>
    public static bool IsNeeded(long bits, bool isUnsigned) => Int128.Abs(Value(bits, isUnsigned)) > LargestExact;

    /// <summary>The integers in double precision, rounded.</summary>
    public double[] ToDoubles() => IsUnsigned ? [.. Bits.Select(bits => (double)(ulong)bits)] : [.. Bits.Select(bits => (double)bits)];

    /// <summary>Some rows alone.</summary>
    public WideIntegers WithRows(int[] rows) => new([.. rows.Select(row => Bits[row])], IsUnsigned);

    private static Int128 Value(long bits, bool isUnsigned) => isUnsigned ? (Int128)(ulong)bits : bits;
}
