using System.Numerics;

namespace Thalweg.Kernels;

/// <summary>What the normalization of rows works on: x <c>[rows, columns]</c>, each row by itself.</summary>
internal unsafe struct RowNormWork<T>
    where T : unmanaged
{
    /// <summary>Input, and result or derivative of it (null if not wanted).</summary>
    public T* X, Y;

    /// <summary>Cotangent of the result, in the backward pass.</summary>
    public T* G;

    /// <summary>Takes the cotangent times the normalized input, or null.</summary>
    public T* Products;

    /// <summary>For whole rows: added to the derivative, or null.</summary>
    public T* Before;

    /// <summary>
    /// For whole rows: takes, for each block of <see cref="RowNormalization.RowBlock"/> rows, the column sums of the cotangent times the
    /// normalized input and those of the cotangent, <c>[blocks, 2, columns]</c>; or null.
    /// </summary>
    public T* Sums;

    /// <summary>Scale and shift, or null.</summary>
    public T* Gamma, Beta;

    /// <summary>Mean of each row, what its rounding took from it, and the reciprocal deviation.</summary>
    public T* Mean, Rest, Inverse;

    public nint Rows, Columns;

    /// <summary>Rows that share the scales of a sample, or 0 where each column has a scale of its own.</summary>
    public int Groups;

    /// <summary>Channels in a row, each with one scale, where there are groups.</summary>
    public int GroupChannels;

    public double Epsilon;

    /// <summary>Whether the mean is taken out.</summary>
    public bool Centered;

    /// <summary>Places that share a scale: 1 where each column has its own.</summary>
    public readonly nint Run => Groups == 0 ? 1 : Columns / GroupChannels;

    /// <summary>The first scale of a row.</summary>
    public readonly nint FirstScale(nint row) => Groups == 0 ? 0 : row % Groups * GroupChannels;
}

/// <summary>Layer, group, instance and root-mean-square normalization, forward and backward; a chunk is some rows.</summary>
internal static unsafe class RowNormalization
{
    /// <summary>Rows whose column sums are taken together, as <see cref="ColumnSums"/> does.</summary>
    public const int RowBlock = ColumnSums.RowBlock;

    /// <summary>The longest row that is handled as a whole: its sums by column stay in the cache nearest to the core.</summary>
    private const int MostWholeColumns = 1024;

    /// <summary>Whether rows are short and of whole vectors, so that each pass over them is a loop of its own without calls.</summary>
    /// <param name="columns">Elements of a row.</param>
    /// <param name="groups">Groups that share the scales of a sample, or 0.</param>
    public static bool AreWhole(nint columns, int groups) =>
        groups == 0 && columns % BlockReduction.Partials == 0 && columns is > 0 and <= MostWholeColumns;

    /// <summary>y = gamma (x - mean) / sqrt(variance + epsilon) + beta; the moments are written.</summary>
    public static void Forward<T>(in RowNormWork<T> work)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Run(work, backward: false);

    /// <summary>y = derivative for the cotangent g; the products are written.</summary>
    public static void Backward<T>(in RowNormWork<T> work)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Run(work, backward: true);

    private static void Run<T>(in RowNormWork<T> work, bool backward)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (AreWhole(work.Columns, work.Groups) && work.Products == null)
        {
            switch (VectorWidths.Best)
            {
                case VectorWidth.Bits512: RunWhole<SimdVector512<T>, T>(work, backward); break;
                case VectorWidth.Bits256: RunWhole<SimdVector256<T>, T>(work, backward); break;
                case VectorWidth.Bits128: RunWhole<SimdVector128<T>, T>(work, backward); break;
                default: RunWhole<SimdVector1<T>, T>(work, backward); break;
            }

            return;
        }

        Job<T> job = new() { Work = work, Backward = backward, PerChunk = nint.Max(1, Chunks.Length / nint.Max(1, work.Columns)) };
        WorkerTeam.Run(ref job, Chunks.Count(work.Rows, job.PerChunk));
    }

    private static void RunWhole<V, T>(in RowNormWork<T> work, bool backward)
        where V : unmanaged, ISimdVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        WholeRowNorm<V, T> job = new(work, backward);
        WorkerTeam.Run(ref job, Chunks.Count(work.Rows, RowBlock));
    }

    private struct Job<T> : IParallelJob
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public RowNormWork<T> Work;
        public bool Backward;
        public nint PerChunk;

        public readonly void Run(int chunk)
        {
            nint last = nint.Min(Work.Rows, (chunk + 1) * PerChunk);
            for (nint row = chunk * PerChunk; row < last; row++)
            {
                if (Backward && (WideRange<T>.HoldsInverse(Work.Inverse[row]) || !new WideRowNorm<T>(Work).TryDifferentiate(row, null)))
                    Differentiate(row);
                else if (!Backward && !Normalize(row))
                    new WideRowNorm<T>(Work).Normalize(row);
            }
        }

        /// <summary>Normalizes a row; false where its squares leave the range of the type.</summary>
        private readonly bool Normalize(nint row)
        {
            VectorWidth width = VectorWidths.Best;
            T share = T.One / T.CreateTruncating(Work.Columns), mean = T.Zero, rest = T.Zero;
            T* x = Work.X + (row * Work.Columns);
            if (Work.Centered)
            {
                T sum = BlockReduction.RunChunk(width, new SummingDeviations<T>(*x), x, x, Work.Columns);
                mean = CompensatedSum.Of(*x, sum * share, out rest);
            }

            T squares = BlockReduction.RunChunk(width, new SummingSquaredDeviations<T>(mean), x, x, Work.Columns) * share;
            T variance = T.Max(squares - (rest * rest), T.Zero) + T.CreateTruncating(Work.Epsilon), inverse = T.One / T.Sqrt(variance);
            (Work.Mean[row], Work.Rest[row], Work.Inverse[row]) = (mean, rest, inverse);
            Write(row, mean, rest, inverse);
            return WideRange<T>.Holds(variance);
        }

        private readonly void Write(nint row, T mean, T rest, T inverse)
        {
            VectorWidth width = VectorWidths.Best;
            T* x = Work.X + (row * Work.Columns), y = Work.Y + (row * Work.Columns);
            if (Work.Groups > 0 && Work.Gamma != null)
            {
                nint channel = Work.FirstScale(row);
                for (int i = 0; i < Work.GroupChannels; i++, x += Work.Run, y += Work.Run, channel++)
                {
                    T scale = inverse * Work.Gamma[channel], shift = Work.Beta == null ? T.Zero : Work.Beta[channel];
                    Map.RunChunk(width, new Normalizing<T>(mean, scale, shift - (rest * scale)), x, y, Work.Run);
                }

                return;
            }

            Map.RunChunk(width, new Normalizing<T>(mean, inverse, -(rest * inverse)), x, y, Work.Columns);
            if (Work.Gamma != null)
                Zip.RunChunk(width, default(Multiply<T>), y, Work.Gamma, y, Work.Columns);
            if (Work.Beta != null)
                Zip.RunChunk(width, default(Add<T>), y, Work.Beta, y, Work.Columns);
        }

        private readonly void Differentiate(nint row)
        {
            VectorWidth width = VectorWidths.Best;
            T share = T.One / T.CreateTruncating(Work.Columns), mean = Work.Mean[row], rest = Work.Rest[row], inverse = Work.Inverse[row];
            nint start = row * Work.Columns;
            T* x = Work.X + start, g = Work.G + start;
            if (Work.Products != null)
            {
                WeightingDeviation<T> weighting = new(mean, inverse, -(rest * inverse));
                Zip.RunChunk(width, weighting, g, x, Work.Products + start, Work.Columns);
            }

            if (Work.Y == null)
                return;
            T* y = Work.Y + start;
            if (Work.Gamma != null)
            {
                ScaleTo(row, g, y);
                g = y;
            }

            T products = BlockReduction.RunChunk(width, new SummingWeightedDeviations<T>(mean), g, x, Work.Columns);
            T sum = Work.Centered ? BlockReduction.RunChunk(width, default(Summing<T>), g, g, Work.Columns) : T.Zero;
            T slope = (products - (rest * sum)) * inverse * inverse * share;
            NormalizationGradient<T> gradient = new(mean, inverse, (sum * share) - (rest * slope), slope);
            Zip.RunChunk(width, gradient, g, x, y, Work.Columns);
        }

        /// <summary>y = g gamma.</summary>
        private readonly void ScaleTo(nint row, T* g, T* y)
        {
            if (Work.Groups == 0)
            {
                Zip.RunChunk(VectorWidths.Best, default(Multiply<T>), g, Work.Gamma, y, Work.Columns);
                return;
            }

            nint channel = Work.FirstScale(row);
            for (int i = 0; i < Work.GroupChannels; i++, g += Work.Run, y += Work.Run, channel++)
                Map.RunChunk(VectorWidths.Best, new Scale<T>(Work.Gamma[channel]), g, y, Work.Run);
        }
    }
}
