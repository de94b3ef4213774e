using System.Numerics;

namespace Thalweg.Kernels;

/// <summary>A group of neighboring elements that one instruction handles: the only thing that element maths is written against.</summary>
/// <remarks>
/// A kernel body is generic over the vector, so one text serves 512, 256 and 128 bits and single elements, in float and double.
/// Each operation rounds the same way at every width, so results do not depend on the width that runs.
/// A mask is a vector whose elements have all bits set (true) or clear (false).
/// </remarks>
/// <typeparam name="TSelf">The vector itself.</typeparam>
/// <typeparam name="T">The element type, <see cref="float"/> or <see cref="double"/>.</typeparam>
internal unsafe interface ISimdVector<TSelf, T>
    where TSelf : unmanaged, ISimdVector<TSelf, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Number of elements in the vector.</summary>
    static abstract int Count { get; }

    /// <summary>Reads <see cref="Count"/> elements; no alignment is asked for.</summary>
    static abstract TSelf Load(T* source);

    /// <summary>Writes <see cref="Count"/> elements; no alignment is asked for.</summary>
    static abstract void Store(TSelf value, T* target);

    /// <summary>All elements equal to <paramref name="value"/>.</summary>
    static abstract TSelf Splat(T value);

    static abstract TSelf operator +(TSelf a, TSelf b);
    static abstract TSelf operator -(TSelf a, TSelf b);
    static abstract TSelf operator *(TSelf a, TSelf b);
    static abstract TSelf operator /(TSelf a, TSelf b);

    /// <summary>a * b + c with one rounding.</summary>
    static abstract TSelf Fma(TSelf a, TSelf b, TSelf c);

    /// <summary>Square root, correctly rounded.</summary>
    static abstract TSelf Sqrt(TSelf x);

    /// <summary>Nearest integer, ties to even.</summary>
    static abstract TSelf Round(TSelf x);

    /// <summary>Mask of a &lt; b; false where either is NaN.</summary>
    static abstract TSelf Less(TSelf a, TSelf b);

    /// <summary>Mask of a == b; false where either is NaN.</summary>
    static abstract TSelf Equal(TSelf a, TSelf b);

    /// <summary>Element of <paramref name="yes"/> where the mask is set, of <paramref name="no"/> elsewhere.</summary>
    static abstract TSelf Select(TSelf mask, TSelf yes, TSelf no);

    /// <summary>Bitwise and of the representations.</summary>
    static abstract TSelf And(TSelf a, TSelf b);

    /// <summary>Bitwise or of the representations.</summary>
    static abstract TSelf Or(TSelf a, TSelf b);

    /// <summary>Bitwise exclusive or of the representations.</summary>
    static abstract TSelf Xor(TSelf a, TSelf b);

    /// <summary>The larger of the two where both are numbers; x where either is NaN, and of two zeros x.</summary>
    static abstract TSelf AtLeast(TSelf x, TSelf low);

    /// <summary>The smaller of the two where both are numbers; x where either is NaN, and of two zeros x.</summary>
    static abstract TSelf AtMost(TSelf x, TSelf high);

    /// <summary>p 2^n with one rounding, for p in [1/2, 2] and an integral n down to where the result is 0.</summary>
    static abstract TSelf Scale(TSelf p, TSelf n);

    /// <summary>All elements in one: those of the upper half are combined with those of the lower until one is left.</summary>
    static abstract T Fold<TReduction>(TReduction reduction, TSelf x)
        where TReduction : unmanaged, IReduction<T>;

    /// <summary>2^n for integral n within the exponents of normal numbers.</summary>
    static abstract TSelf PowerOfTwo(TSelf n);

    /// <summary>The exponent e and the mantissa m in [1, 2) of positive normal x = m 2^e.</summary>
    static abstract TSelf Split(TSelf x, out TSelf mantissa);

    /// <summary>How many columns <see cref="Transpose"/> makes at once.</summary>
    static abstract int TransposedColumns { get; }

    /// <summary>Copies a block of <see cref="Count"/> rows, <see cref="TransposedColumns"/> elements of each, to columns.</summary>
    /// <param name="source">First element of the first row.</param>
    /// <param name="sourceStride">Elements from one row to the next.</param>
    /// <param name="target">Where the first column goes, one whole vector.</param>
    /// <param name="targetStride">Elements from one column to the next.</param>
    static abstract void Transpose(T* source, nint sourceStride, T* target, nint targetStride);
}
