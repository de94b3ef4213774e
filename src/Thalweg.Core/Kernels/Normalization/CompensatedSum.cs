using System.Numerics;
using System.Runtime.CompilerServices;

namespace Thalweg.Kernels;

/// <summary>Sums that keep what their rounding took.</summary>
/// <remarks>A mean of numbers near 1e6 has a last digit of 1/16 in float: rounded alone, it would be off by a good part of their deviation.
/// Source: Knuth, "The art of computer programming", volume 2, 1997, section 4.2.2, theorem B.</remarks>
internal static class CompensatedSum
{
    /// <summary>a + b as its nearest number and what that leaves out, exactly.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Of<V, T>(V a, V b, out V rest)
        where V : unmanaged, ISimdVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        V sum = a + b, part = sum - a;
        rest = (a - (sum - part)) + (b - part);
        return sum;
    }

    /// <summary>The same of two numbers.</summary>
    public static T Of<T>(T a, T b, out T rest)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T sum = Of<SimdVector1<T>, T>(new(a), new(b), out SimdVector1<T> left).Value;
        rest = left.Value;
        return sum;
    }
}
