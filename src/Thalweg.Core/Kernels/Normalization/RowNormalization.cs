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
    /// <summary>y = gamma (x - mean) / sqrt(variance + epsilon) + beta; the moments are written.</summary>
    public static void Forward<T>(in RowNormWork<T> work)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Run(work, backward: false);

    /// <summary>y = derivative for the cotangent g; the products are written.</summary>
    public static void Backward<T>(in RowNormWork<T> work)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Run(work, backward: true);

    private static void Run<T>(in RowNormWork<T> work, bool backward)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Job<T> job = new() { Work = work, Backward = backward, PerChunk = nint.Max(1, Chunks.Length / nint.Max(1, work.Columns)) };
        WorkerTeam.Run(ref job, Chunks.Count(work.Rows, job.PerChunk));
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
                if (Backward && (WideRange<T>.HoldsInverse(Work.Inverse[row]) || !TryDifferentiateWide(row)))
                    Differentiate(row);
                else if (!Backward && !Normalize(row))
                    NormalizeWide(row);
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

        /// <summary>Normalizes a row whose squares leave the range of the type.</summary>
        private readonly void NormalizeWide(nint row)
        {
            if (!TryMeasure(row, out WideRange<T> moments))
                return;
            T* x = Work.X + (row * Work.Columns), y = Work.Y + (row * Work.Columns);
            nint first = Work.FirstScale(row), run = Work.Run;
            (Work.Mean[row], Work.Rest[row]) = moments.Mean;
            Work.Inverse[row] = T.CreateTruncating(moments.Inverse);
            for (nint i = 0; i < Work.Columns; i++)
            {
                double scale = Work.Gamma == null ? 1 : double.CreateTruncating(Work.Gamma[first + (i / run)]);
                double shift = Work.Beta == null ? 0 : double.CreateTruncating(Work.Beta[first + (i / run)]);
                y[i] = T.CreateTruncating((scale * moments.Normalize(x[i])) + shift);
            }
        }

        /// <summary>Differentiates a row whose squares leave the range of the type; false where a number is not finite.</summary>
        private readonly bool TryDifferentiateWide(nint row)
        {
            if (!TryMeasure(row, out WideRange<T> moments))
                return false;
            nint start = row * Work.Columns;
            double sum = 0, products = 0;
            for (nint i = 0; i < Work.Columns; i++)
            {
                double g = Cotangent(row, i), normalized = moments.Normalize(Work.X[start + i]);
                (sum, products) = (sum + g, products + (g * normalized));
                if (Work.Products != null)
                    Work.Products[start + i] = T.CreateTruncating(double.CreateTruncating(Work.G[start + i]) * normalized);
            }

            double shift = Work.Centered ? sum / Work.Columns : 0, slope = products / Work.Columns;
            for (nint i = 0; i < Work.Columns && Work.Y != null; i++)
            {
                double deviation = Cotangent(row, i) - shift - (slope * moments.Normalize(Work.X[start + i]));
                Work.Y[start + i] = T.CreateTruncating(deviation * moments.Inverse);
            }

            return true;
        }

        private readonly bool TryMeasure(nint row, out WideRange<T> moments)
        {
            NumberRuns<T> x = new(Work.X + (row * Work.Columns), 1, Work.Columns, Work.Columns);
            return WideRange<T>.TryMeasure(x, Work.Centered, Work.Epsilon, out moments);
        }

        /// <summary>Cotangent of a normalized number.</summary>
        private readonly double Cotangent(nint row, nint column)
        {
            double g = double.CreateTruncating(Work.G[(row * Work.Columns) + column]);
            return Work.Gamma == null ? g : g * double.CreateTruncating(Work.Gamma[Work.FirstScale(row) + (column / Work.Run)]);
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
