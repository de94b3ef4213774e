using System.Numerics;
using System.Runtime.CompilerServices;

namespace Thalweg.Kernels;

/// <summary>What <see cref="WinogradFactorsJob{TLane,T}"/> works on.</summary>
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

/// <summary>Weights to points; a piece is one channel.</summary>
internal readonly unsafe struct WinogradFactorsJob<TLane, T>(WinogradFactorsWork<T> work) : IParallelJob
    where TLane : unmanaged, ILane<TLane, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(Drive.Loop)]
    public void Run(int piece)
    {
        const int Points = WinogradShape.Points;
        WinogradShape shape = work.Shape;
        int kernel = shape.Kernel, taps = kernel * kernel, pitch = shape.OutputPitch, lanes = TLane.Count;
        nint step = (nint)shape.Channels * pitch;
        nint outputStep = work.Transposed ? taps : (nint)shape.Channels * taps;
        nint channelStep = work.Transposed ? (nint)shape.Outputs * taps : taps;
        T* window = stackalloc T[WinogradShape.Products * TLane.Count], middle = stackalloc T[WinogradShape.Products * TLane.Count];
        T* target = work.Factors + ((nint)piece * pitch);
        for (int output = 0; output < pitch; output += TLane.Count, target += TLane.Count)
        {
            T* source = work.Weights + (piece * channelStep) + (output * outputStep);
            for (int tap = 0; tap < taps; tap++)
            {
                T* from = source + (work.Transposed ? taps - 1 - tap : tap), to = window + (tap * TLane.Count);
                for (int lane = 0; lane < TLane.Count; lane++)
                    to[lane] = output + lane < shape.Outputs ? from[lane * outputStep] : T.Zero;
            }

            for (int j = 0; j < kernel; j++)
                WinogradTransforms.Weights<TLane, T>(kernel, window + (j * lanes), kernel * lanes, middle + (j * lanes), Points * lanes);
            for (int i = 0; i < Points; i++)
                WinogradTransforms.Weights<TLane, T>(kernel, middle + (i * Points * lanes), lanes, target + (i * Points * step), step);
        }
    }
}
