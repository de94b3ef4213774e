using System.Numerics;
using Thalweg.Kernels;
using Thalweg.Optimizers;
using Thalweg.Rules;

namespace Thalweg.Tests.Rules;

/// <summary>Fixed weights and gradients, and runs over them.</summary>
internal static class Flat
{
    /// <summary>Long enough for several chunks on several threads, and for tails at every width.</summary>
    public const int Length = 3 * ChunkTable.Size + 13;

    public static T[] Weights<T>(int n)
        where T : IFloatingPointIeee754<T> => [.. Enumerable.Range(0, n).Select(i => T.CreateTruncating(1.5 * Math.Cos(i * 0.7)))];

    /// <summary>Signs change, sizes differ by coordinate, and every seventh coordinate is sparse.</summary>
    public static T[] Gradients<T>(int n, int t)
        where T : IFloatingPointIeee754<T> => [.. Enumerable.Range(0, n).Select(i =>
            T.CreateTruncating(i % 7 == 3 && t % 5 != 0 ? 0 : Math.Sin(i * 1.7 + t * 0.9) * Math.Pow(10, i % 3 - 1)))];

    public static DType DTypeOf<T>()
        where T : unmanaged => DTypes.Of<T>();

    /// <summary>A flat vector with a weight, a bias and a weight, which is cut in two chunks more.</summary>
    public static ParameterSegments Segments(int n) => new(
        new ParameterSegment("a.weight", 0, n / 2), new ParameterSegment("a.bias", n / 2, 5, IsWeight: false),
        new ParameterSegment("b.weight", n / 2 + 5, n - n / 2 - 5));

    /// <summary>The weights after some steps.</summary>
    public static T[] Train<T>(Chain chain, int n, int steps, int groupSize = OptimizerRun.GroupSize, VectorWidth? width = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        OptimizerRun run = new(chain, Segments(n), DTypes.Of<T>(), groupSize);
        if (width is { } forced)
            run.Width = forced;
        T[] weights = Weights<T>(n);
        for (int t = 1; t <= steps; t++)
        {
            T[] gradients = Gradients<T>(n, t);
            for (int k = 0; run.Needs.MovedFrom is not null && k < run.Needs.Gradients; k++)
                run.MoveTo<T>(k, weights, gradients);
            run.Step<T>(weights, gradients);
        }

        return weights;
    }
}
