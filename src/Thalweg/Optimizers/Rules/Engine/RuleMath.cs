using System.Numerics;
using System.Runtime.CompilerServices;
using Thalweg.Kernels;

namespace Thalweg.Rules;

/// <summary>Small building blocks of rules.</summary>
internal static class RuleMath
{
    /// <summary>-1, 0 or 1; NaN stays NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Sign<V, T>(V x)
        where V : unmanaged, ISimdVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        V zero = V.Splat(T.Zero), one = V.Splat(T.One);
        V sign = V.Select(V.Less(zero, x), one, V.Select(V.Less(x, zero), zero - one, zero));
        return V.Select(V.Equal(x, x), sign, x);
    }
}
