using System.Numerics;
using System.Runtime.CompilerServices;

namespace Thalweg.Kernels;

/// <summary>Bias, activation and mask of a finished block of C [rows, columns], while it is in the cache.</summary>
internal static unsafe class EpilogueKernel
{
    public static void Run<TVector, T>(T* c, int rows, int columns, nint ldc, in Epilogue<T> epilogue)
        where TVector : unmanaged, ISimdVector<TVector, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        bool gelu = epilogue.Activation == FusedActivation.Gelu;
        for (int i = 0; i < rows; i++, c += ldc)
        {
            int j = gelu ? RunGelu<TVector, T>(c, 0, columns, epilogue) : RunRow<TVector, T>(c, 0, columns, epilogue);
            if (j == columns)
                continue;
            j = gelu ? RunGelu<SimdVector128<T>, T>(c, j, columns, epilogue) : RunRow<SimdVector128<T>, T>(c, j, columns, epilogue);
            _ = gelu ? RunGelu<SimdVector1<T>, T>(c, j, columns, epilogue) : RunRow<SimdVector1<T>, T>(c, j, columns, epilogue);
        }
    }

    /// <summary>The part of a row from an element on that whole vectors fill; returns where it ends.</summary>
    [MethodImpl(Drive.Loop)]
    private static int RunRow<TVector, T>(T* c, int start, int columns, in Epilogue<T> epilogue)
        where TVector : unmanaged, ISimdVector<TVector, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T* bias = epilogue.Bias;
        bool relu = epilogue.Activation == FusedActivation.Relu;
        nint mask = epilogue.MaskDistance, factor = epilogue.FactorDistance;
        int j = start;
        for (; j <= columns - TVector.Count; j += TVector.Count)
        {
            TVector value = TVector.Load(c + j);
            if (bias != null)
                value += TVector.Load(bias + j);
            if (relu)
                value = TVector.Select(TVector.Less(value, TVector.Splat(T.Zero)), TVector.Splat(T.Zero), value);
            if (mask != 0)
                value = default(ReluGradient<T>).Apply(value, TVector.Load(c + j + mask));
            if (factor != 0)
                value *= TVector.Load(c + j + factor);
            TVector.Store(value, c + j);
        }

        return j;
    }

    /// <summary>The same for GELU, a loop of its own: the compiler stops inlining in longer ones.</summary>
    [MethodImpl(Drive.Loop)]
    private static int RunGelu<TVector, T>(T* c, int start, int columns, in Epilogue<T> epilogue)
        where TVector : unmanaged, ISimdVector<TVector, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T* bias = epilogue.Bias;
        nint derivative = epilogue.DerivativeDistance;
        int j = start;
        if (derivative == 0)
        {
            for (; j <= columns - TVector.Count; j += TVector.Count)
            {
                TVector x = TVector.Load(c + j);
                TVector.Store(default(Gelu<T>).Apply(bias == null ? x : x + TVector.Load(bias + j)), c + j);
            }

            return j;
        }

        for (; j <= columns - TVector.Count; j += TVector.Count)
        {
            TVector x = TVector.Load(c + j);
            TVector.Store(Gelu<T>.WithDerivative(bias == null ? x : x + TVector.Load(bias + j), out TVector slope), c + j);
            TVector.Store(slope, c + j + derivative);
        }

        return j;
    }
}
