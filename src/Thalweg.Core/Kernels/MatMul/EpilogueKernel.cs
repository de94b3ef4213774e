using System.Numerics;
using System.Runtime.CompilerServices;

namespace Thalweg.Kernels;

/// <summary>Bias, activation and mask of a finished block of C [rows, columns], while it is in the cache.</summary>
internal static unsafe class EpilogueKernel
{
    [MethodImpl(Drive.Loop)]
    public static void Run<TLane, T>(T* c, int rows, int columns, nint ldc, in Epilogue<T> epilogue)
        where TLane : unmanaged, ILane<TLane, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T* bias = epilogue.Bias;
        bool relu = epilogue.Activation == FusedActivation.Relu;
        nint mask = epilogue.MaskDistance;
        for (int i = 0; i < rows; i++, c += ldc)
        {
            int j = 0;
            for (; j <= columns - TLane.Count; j += TLane.Count)
                Apply<TLane, T>(c + j, bias == null ? null : bias + j, relu, mask);
            for (; j <= columns - Lane128<T>.Count; j += Lane128<T>.Count)
                Apply<Lane128<T>, T>(c + j, bias == null ? null : bias + j, relu, mask);
            for (; j < columns; j++)
                Apply<Lane1<T>, T>(c + j, bias == null ? null : bias + j, relu, mask);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Apply<TLane, T>(T* c, T* bias, bool relu, nint mask)
        where TLane : unmanaged, ILane<TLane, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        TLane value = TLane.Load(c);
        if (bias != null)
            value += TLane.Load(bias);
        if (relu)
            value = TLane.Select(TLane.Less(value, TLane.Splat(T.Zero)), TLane.Splat(T.Zero), value);
        if (mask != 0)
            value = default(ReluGradient<T>).Apply(value, TLane.Load(c + mask));
        TLane.Store(value, c);
    }
}
