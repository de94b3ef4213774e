using System.Numerics;
using System.Runtime.CompilerServices;

namespace Thalweg.Kernels;

/// <summary>Bias, activation and mask of a finished block of C [rows, columns], while it is in the cache.</summary>
internal static unsafe class EpilogueKernel
{
    [MethodImpl(Drive.Loop)]
    public static void Run<TVector, T>(T* c, int rows, int columns, nint ldc, in Epilogue<T> epilogue)
        where TVector : unmanaged, ISimdVector<TVector, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T* bias = epilogue.Bias;
        bool relu = epilogue.Activation == FusedActivation.Relu;
        nint mask = epilogue.MaskDistance;
        for (int i = 0; i < rows; i++, c += ldc)
        {
            int j = 0;
            for (; j <= columns - TVector.Count; j += TVector.Count)
                Apply<TVector, T>(c + j, bias == null ? null : bias + j, relu, mask);
            for (; j <= columns - SimdVector128<T>.Count; j += SimdVector128<T>.Count)
                Apply<SimdVector128<T>, T>(c + j, bias == null ? null : bias + j, relu, mask);
            for (; j < columns; j++)
                Apply<SimdVector1<T>, T>(c + j, bias == null ? null : bias + j, relu, mask);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Apply<TVector, T>(T* c, T* bias, bool relu, nint mask)
        where TVector : unmanaged, ISimdVector<TVector, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        TVector value = TVector.Load(c);
        if (bias != null)
            value += TVector.Load(bias);
        if (relu)
            value = TVector.Select(TVector.Less(value, TVector.Splat(T.Zero)), TVector.Splat(T.Zero), value);
        if (mask != 0)
            value = default(ReluGradient<T>).Apply(value, TVector.Load(c + mask));
        TVector.Store(value, c);
    }
}
