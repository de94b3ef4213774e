using System.Numerics;
using System.Runtime.CompilerServices;
using static Thalweg.Kernels.SimdMath;

namespace Thalweg.Kernels;

/// <summary>Gradient of <see cref="Erf{T}"/> by x: gradient * 2 / sqrt(π) e^(-x²).</summary>
internal readonly struct ErfGradient<T> : IBinaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V gradient, V x)
        where V : unmanaged, ISimdVector<V, T> =>
        gradient * Constant<V, T>(1.1283791670955126) * Exponential.Exp<V, T>(Negate<V, T>(x * x));
}
