using System.Numerics;

namespace Thalweg.Kernels;

/// <summary>What batch normalization works on: x <c>[batch, channels, places]</c> by channel.</summary>
internal unsafe struct BatchNormWork<T>
    where T : unmanaged
{
    /// <summary>Input, and result or derivative of it (null if not wanted).</summary>
    public T* X, Y;

    /// <summary>Cotangent of the result, in the backward pass.</summary>
    public T* G;

    /// <summary>Scale and shift, or null.</summary>
    public T* Gamma, Beta;

    /// <summary>Mean and biased variance of each channel.</summary>
    public T* Mean, Variance;

    /// <summary>Sum of the cotangent, and of the cotangent times the normalized input, of each channel.</summary>
    public T* SumG, SumGHat;

    public int Batch, Channels;

    public nint Places;

    public T Epsilon;

    public readonly nint Row(int image, int channel) => (((nint)image * Channels) + channel) * Places;
}

/// <summary>Batch normalization, forward and backward: each channel in one visit, while it is in the cache.</summary>
internal static unsafe class BatchNormalization
{
    /// <summary>y = gamma (x - mean) / sqrt(variance + epsilon) + beta; mean and variance are written.</summary>
    public static void Forward<T>(in BatchNormWork<T> work)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Run(work, backward: false);

    /// <summary>y = derivative for the cotangent g; the sums are written.</summary>
    public static void Backward<T>(in BatchNormWork<T> work)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Run(work, backward: true);

    private static void Run<T>(in BatchNormWork<T> work, bool backward)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        nint each = nint.Max(1, work.Batch * work.Places);
        int perPiece = (int)nint.Clamp(Pieces.Length / each, 1, int.MaxValue);
        if (work.Places == 1)
        {
            // Whole cache lines of channels: they lie side by side.
            bool isLong = each * work.Channels > Pieces.Threshold;
            perPiece = isLong ? (perPiece + 63) / 64 * 64 : BatchNormColumns<T>.ChannelsOfShortPiece;
            BatchNormColumns<T> columns = new(work, backward, perPiece);
            WorkerTeam.Run(ref columns, Pieces.Count(work.Channels, perPiece), isLong);
            return;
        }

        PlaneJob<T> planes = new() { Work = work, Backward = backward, PerPiece = perPiece };
        WorkerTeam.Run(ref planes, Pieces.Count(work.Channels, perPiece));
    }

    private struct PlaneJob<T> : IParallelJob
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public BatchNormWork<T> Work;
        public bool Backward;
        public int PerPiece;

        public readonly void Run(int piece)
        {
            int last = Math.Min(Work.Channels, (piece + 1) * PerPiece);
            for (int channel = piece * PerPiece; channel < last; channel++)
            {
                if (Backward)
                    Differentiate(channel);
                else
                    Normalize(channel);
            }
        }

        private readonly void Normalize(int channel)
        {
            LaneWidth width = LaneWidths.Best;
            T share = T.One / T.CreateTruncating(Work.Batch * Work.Places), sum = T.Zero, squares = T.Zero;
            for (int image = 0; image < Work.Batch; image++)
            {
                T* row = Work.X + Work.Row(image, channel);
                sum += BlockReduction.RunPiece(width, default(Summing<T>), row, row, Work.Places);
            }

            // Two passes: the one-pass form loses all digits where the mean is large against the deviation.
            T mean = sum * share;
            for (int image = 0; image < Work.Batch; image++)
            {
                T* row = Work.X + Work.Row(image, channel);
                squares += BlockReduction.RunPiece(width, new SummingSquaredDeviations<T>(mean), row, row, Work.Places);
            }

            T variance = squares * share, scale = T.One / T.Sqrt(variance + Work.Epsilon);
            (Work.Mean[channel], Work.Variance[channel]) = (mean, variance);
            Normalizing<T> function = new(mean, Work.Gamma == null ? scale : scale * Work.Gamma[channel], Work.Beta == null ? T.Zero : Work.Beta[channel]);
            for (int image = 0; image < Work.Batch; image++)
            {
                nint row = Work.Row(image, channel);
                Map.RunPiece(width, function, Work.X + row, Work.Y + row, Work.Places);
            }
        }

        private readonly void Differentiate(int channel)
        {
            LaneWidth width = LaneWidths.Best;
            T share = T.One / T.CreateTruncating(Work.Batch * Work.Places), mean = Work.Mean[channel], sum = T.Zero, products = T.Zero;
            T scale = T.One / T.Sqrt(Work.Variance[channel] + Work.Epsilon);
            for (int image = 0; image < Work.Batch; image++)
            {
                nint row = Work.Row(image, channel);
                sum += BlockReduction.RunPiece(width, default(Summing<T>), Work.G + row, Work.G + row, Work.Places);
                products += BlockReduction.RunPiece(width, new SummingWeightedDeviations<T>(mean), Work.G + row, Work.X + row, Work.Places);
            }

            (Work.SumG[channel], Work.SumGHat[channel]) = (sum, products * scale);
            if (Work.Y == null)
                return;
            T slope = products * scale * scale * share;
            NormalizationGradient<T> function = new(mean, Work.Gamma == null ? scale : scale * Work.Gamma[channel], sum * share, slope);
            for (int image = 0; image < Work.Batch; image++)
            {
                nint row = Work.Row(image, channel);
                Zip.RunPiece(width, function, Work.G + row, Work.X + row, Work.Y + row, Work.Places);
            }
        }
    }
}
