using System.Numerics;
using System.Runtime.CompilerServices;

namespace Thalweg.Kernels;

/// <summary>What <see cref="WinogradFactorsJob{TVector,T}"/> works on.</summary>
/// <param name="shape">The convolution by tiles.</param>
/// <param name="weights">Windows <c>[outputs, channels, taps]</c>; where transposed, <c>[channels, outputs, taps]</c>, mirrored.</param>
/// <param name="transposed">Whether the weights are those of the transposed convolution.</param>
/// <param name="factors">Takes <c>[36, channels, output pitch]</c>.</param>
internal readonly unsafe struct WinogradFactorsWork<T>(WinogradShape shape, T* weights, bool transposed, T* factors)
    where T : unmanaged
{
    public readonly WinogradShape Shape = shape;

    public readonly T* Weights = weights, Factors = factors;

    public readonly bool Transposed = transposed;
}

/// <summary>Weights to points; a chunk is one channel.</summary>
internal readonly unsafe struct WinogradFactorsJob<TVector, T>(WinogradFactorsWork<T> work) : IParallelJob
    where TVector : unmanaged, ISimdVector<TVector, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(Drive.Loop)]
    public void Run(int chunk)
    {
        const int Points = WinogradShape.Points;
        WinogradShape shape = work.Shape;
        int kernel = shape.Kernel, taps = kernel * kernel, pitch = shape.OutputPitch, vectors = TVector.Count;
        nint step = (nint)shape.Channels * pitch;
        nint outputStep = work.Transposed ? taps : (nint)shape.Channels * taps;
        nint channelStep = work.Transposed ? (nint)shape.Outputs * taps : taps;
        T* window = stackalloc T[WinogradShape.Products * TVector.Count], middle = stackalloc T[WinogradShape.Products * TVector.Count];
        T* target = work.Factors + ((nint)chunk * pitch);
        for (int output = 0; output < pitch; output += TVector.Count, target += TVector.Count)
        {
            T* source = work.Weights + (chunk * channelStep) + (output * outputStep);
            for (int tap = 0; tap < taps; tap++)
            {
                T* from = source + (work.Transposed ? taps - 1 - tap : tap), to = window + (tap * TVector.Count);
                for (int vector = 0; vector < TVector.Count; vector++)
                    to[vector] = output + vector < shape.Outputs ? from[vector * outputStep] : T.Zero;
            }

            for (int j = 0; j < kernel; j++)
            {
                WinogradTransforms.Weights<TVector, T>(
                    kernel, window + (j * vectors), kernel * vectors, middle + (j * vectors), Points * vectors);
            }

            for (int i = 0; i < Points; i++)
            {
                WinogradTransforms.Weights<TVector, T>(
                    kernel, middle + (i * Points * vectors), vectors, target + (i * Points * step), step);
            }
        }
    }
}
