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

    /// <summary>Mean and reciprocal deviation of each row.</summary>
    public T* Mean, Inverse;

    public nint Rows, Columns;

    /// <summary>Rows that share the scales of a sample, or 0 where each column has a scale of its own.</summary>
    public int Groups;

    /// <summary>Channels in a row, each with one scale, where there are groups.</summary>
    public int GroupChannels;

    public T Epsilon;

    /// <summary>Whether the mean is taken out.</summary>
    public bool Centered;
}

/// <summary>Layer, group, instance and root-mean-square normalization, forward and backward; a piece is some rows.</summary>
internal static unsafe class RowNormalization
{
    /// <summary>y = gamma (x - mean) / sqrt(variance + epsilon) + beta; mean and reciprocal deviation are written.</summary>
    public static void Forward<T>(in RowNormWork<T> work)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Run(work, backward: false);

    /// <summary>y = derivative for the cotangent g; the products are written.</summary>
    public static void Backward<T>(in RowNormWork<T> work)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Run(work, backward: true);

    private static void Run<T>(in RowNormWork<T> work, bool backward)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Job<T> job = new() { Work = work, Backward = backward, PerPiece = nint.Max(1, Pieces.Length / nint.Max(1, work.Columns)) };
        WorkerTeam.Run(ref job, Pieces.Count(work.Rows, job.PerPiece));
    }

    private struct Job<T> : IParallelJob
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public RowNormWork<T> Work;
        public bool Backward;
        public nint PerPiece;

        public readonly void Run(int piece)
        {
            nint last = nint.Min(Work.Rows, (piece + 1) * PerPiece);
            for (nint row = piece * PerPiece; row < last; row++)
            {
                if (Backward)
                    Differentiate(row);
                else
                    Normalize(row);
            }
        }

        private readonly void Normalize(nint row)
        {
            LaneWidth width = LaneWidths.Best;
            T share = T.One / T.CreateTruncating(Work.Columns);
            T* x = Work.X + (row * Work.Columns), y = Work.Y + (row * Work.Columns);
            T mean = Work.Centered ? BlockReduction.RunPiece(width, default(Summing<T>), x, x, Work.Columns) * share : T.Zero;
            T variance = BlockReduction.RunPiece(width, new SummingSquaredDeviations<T>(mean), x, x, Work.Columns) * share;
            T inverse = T.One / T.Sqrt(variance + Work.Epsilon);
            (Work.Mean[row], Work.Inverse[row]) = (mean, inverse);
            if (Work.Groups > 0 && Work.Gamma != null)
            {
                nint places = Work.Columns / Work.GroupChannels, channel = row % Work.Groups * Work.GroupChannels;
                for (int i = 0; i < Work.GroupChannels; i++, x += places, y += places, channel++)
                {
                    T shift = Work.Beta == null ? T.Zero : Work.Beta[channel];
                    Map.RunPiece(width, new Normalizing<T>(mean, inverse * Work.Gamma[channel], shift), x, y, places);
                }

                return;
            }

            Map.RunPiece(width, new Normalizing<T>(mean, inverse, T.Zero), x, y, Work.Columns);
            if (Work.Gamma != null)
                Zip.RunPiece(width, default(Multiply<T>), y, Work.Gamma, y, Work.Columns);
            if (Work.Beta != null)
                Zip.RunPiece(width, default(Add<T>), y, Work.Beta, y, Work.Columns);
        }

        private readonly void Differentiate(nint row)
        {
            LaneWidth width = LaneWidths.Best;
            T share = T.One / T.CreateTruncating(Work.Columns), mean = Work.Mean[row], inverse = Work.Inverse[row];
            nint start = row * Work.Columns;
            T* x = Work.X + start, g = Work.G + start;
            if (Work.Products != null)
                Zip.RunPiece(width, new WeightingDeviation<T>(mean, inverse), g, x, Work.Products + start, Work.Columns);
            if (Work.Y == null)
                return;
            T* y = Work.Y + start;
            if (Work.Gamma != null)
            {
                ScaleTo(row, g, y);
                g = y;
            }

            T products = BlockReduction.RunPiece(width, new SummingWeightedDeviations<T>(mean), g, x, Work.Columns);
            T shift = Work.Centered ? BlockReduction.RunPiece(width, default(Summing<T>), g, g, Work.Columns) * share : T.Zero;
            Zip.RunPiece(
                width, new NormalizationGradient<T>(mean, inverse, shift, products * inverse * inverse * share), g, x, y, Work.Columns);
        }

        /// <summary>y = g gamma.</summary>
        private readonly void ScaleTo(nint row, T* g, T* y)
        {
            if (Work.Groups == 0)
            {
                Zip.RunPiece(LaneWidths.Best, default(Multiply<T>), g, Work.Gamma, y, Work.Columns);
                return;
            }

            nint places = Work.Columns / Work.GroupChannels, channel = row % Work.Groups * Work.GroupChannels;
            for (int i = 0; i < Work.GroupChannels; i++, g += places, y += places, channel++)
                Map.RunPiece(LaneWidths.Best, new Scale<T>(Work.Gamma[channel]), g, y, places);
        }
    }
}
