using System.Numerics;
using System.Runtime.CompilerServices;

namespace Thalweg.Kernels;

/// <summary>Gathers the inputs of some neighboring results into a panel <c>[depth, panel]</c> that the matrix kernels read.</summary>
internal static unsafe class TapPanel
{
    /// <summary>The most results of a panel: two 512-bit vectors of floats.</summary>
    public const int MaximumWidth = 32;

    /// <summary>The longest block of a sum: its panel and the factors of a tile stay in the nearest cache.</summary>
    public const int MaximumDepth = 256;

    /// <summary>With fewer results per group, copying a panel costs more than reading the image again.</summary>
    public const int FewResults = 4;

    /// <summary>Elements past the end of the image copy and of the panel that whole vectors may touch.</summary>
    public const int Slack = 64;

    /// <summary>Results first to first + width - 1 of a grid as runs that lie side by side in the image copy.</summary>
    /// <param name="columns">Results in a row of the grid.</param>
    /// <param name="rowStride">Elements of the copy from one row of results to the next.</param>
    /// <param name="first">First result, counted row by row.</param>
    /// <param name="width">How many.</param>
    /// <param name="runs">Takes place and length of each run.</param>
    /// <returns>How many runs.</returns>
    public static int FindRuns(int columns, nint rowStride, int first, int width, TapRun* runs)
    {
        int count = 0, row = first / columns, column = first - (row * columns);
        for (int done = 0; done < width; row++, column = 0)
        {
            int length = Math.Min(columns - column, width - done);
            runs[count++] = new TapRun { Source = (row * rowStride) + column, Target = done, Length = length };
            done += length;
        }

        return count;
    }

    /// <summary>Whether the runs of a panel are two whole vectors, so that it is read where it lies.</summary>
    /// <remarks>Measured on Zen 5, with 16 to 512 results: 2 to 20 % less time than with a copy.</remarks>
    public static bool AreVectors(TapRun* runs, int count, int vector) =>
        (count == 1 && runs->Length == 2 * vector) || (count == 2 && runs->Length == vector && runs[1].Length == vector);

    /// <summary>Adds the bias to results and then rectifies them where that is asked for.</summary>
    public static void Finish<T>(T bias, bool relu, T* results, nint count)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (relu)
            Map.RunChunk(VectorWidths.Best, new ShiftedRelu<T>(bias), results, results, count);
        else
            Map.RunChunk(VectorWidths.Best, new Shift<T>(bias), results, results, count);
    }

    /// <summary>Copies the runs for each input; whole vectors are written, so what a run writes too much the next one overwrites.</summary>
    [MethodImpl(Drive.Loop)]
    public static void Pack<TVector, T>(T* image, int* offsets, int depth, TapRun* runs, int count, int panel, T* target)
        where TVector : unmanaged, ISimdVector<TVector, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int k = 0; k < depth; k++, target += panel)
        {
            T* source = image + offsets[k];
            for (int r = 0; r < count; r++)
            {
                T* from = source + runs[r].Source, to = target + runs[r].Target;
                TVector.Store(TVector.Load(from), to);
                for (int i = TVector.Count; i < runs[r].Length; i += TVector.Count)
                    TVector.Store(TVector.Load(from + i), to + i);
            }
        }
    }
}

/// <summary>A stretch of results of one row.</summary>
internal struct TapRun
{
    /// <summary>Place of its first result in the image copy.</summary>
    public nint Source;

    /// <summary>Place of its first result in the panel.</summary>
    public int Target;

    /// <summary>Number of results.</summary>
    public int Length;
}
