using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Thalweg.Diagnostics;

/// <summary>How noisy the gradient of a batch is, from the gradients of its single samples.</summary>
public sealed record GradientNoise : Instrument
{
    /// <inheritdoc/>
    public override string Definition =>
        "g_i single gradients, g their mean, B their number: variance = sum |g_i - g|^2/(B-1); signal_to_noise = B |g|^2/variance; " +
        "noise_scale = variance/|g|^2; " +
        "norm_test = sqrt((sum |g_i|^2 - B |g|^2)/((B-1) B |g|^2)); inner_product_test = sqrt((sum (g_i.g)^2 - B |g|^4)/((B-1) B " +
        "|g|^4)); " +
        "orthogonality_test = sqrt(sum(|g_i|^2 - (g_i.g)^2/|g|^2)/((B-1) B |g|^2)); under batch normalization g_i is the part of g " +
        "in the rows of sample i";

    /// <inheritdoc/>
    public override string Source =>
        "McCandlish and others: An empirical model of large-batch training, arXiv:1812.06162, eq. 2.9; Byrd, Chin, Nocedal, Wu, " +
        "2012, eq. 3.6; " +
        "Bollapragada, Byrd, Nocedal: Adaptive sampling strategies, 2017, eqs. 2.6, 3.2; Schneider, Dangel, Hennig: Cockpit, 2021, " +
        "appendix C";

    /// <inheritdoc/>
    public override string Unit => "dimensionless (variance: square of the gradient; noise_scale: samples)";

    /// <inheritdoc/>
    public override InstrumentCost Cost => InstrumentCost.Products;

    /// <inheritdoc/>
    public override InstrumentNeeds Needs => InstrumentNeeds.Pass;

    /// <inheritdoc/>
    public override InstrumentWork Work(InstrumentRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return run.SingleGradientWork;
    }

    /// <inheritdoc/>
    public override void MeasurePass(InstrumentMoment moment, NetworkPass pass)
    {
        SingleGradients singles = pass.Singles;
        double b = singles.Samples;
        if (b < 2 || singles.Coverage == 0)
        {
            moment.Read("variance", double.NaN, note: b < 2 ? "a batch of one sample has no variance" : singles.Note);
            return;
        }

        // The mean of the products g_i . g is |g|^2: no visit of the gradient is needed for it.
        double squares = singles.SquaredNorms.Sum(), mean = Math.Max(0, singles.Products.Average());
        double products = singles.Products.Sum(product => product * product);
        double variance = Math.Max(0, (squares - (b * mean)) / (b - 1));
        Read("variance", variance);
        Read("coverage", singles.Coverage);
        if (mean == 0)
            return;

        Read("signal_to_noise", b * mean / variance);
        Read("noise_scale", variance / mean);
        Read("norm_test", Math.Sqrt(Math.Max(0, squares - (b * mean)) / ((b - 1) * b * mean)));
        Read("inner_product_test", Math.Sqrt(Math.Max(0, products - (b * mean * mean)) / ((b - 1) * b * mean * mean)));
        Read("orthogonality_test", Math.Sqrt(Math.Max(0, squares - (products / mean)) / ((b - 1) * b * mean)));

        void Read(string quantity, double value) => moment.Read(quantity, value, note: singles.Note);
    }
}

/// <summary>Signal and noise of the gradient element by element, and the evidence against further training that follows from it.</summary>
public sealed record GradientSignal : Instrument
{
    private const double Epsilon = 1e-5;

    /// <inheritdoc/>
    public override string Definition =>
        "mean_gsnr = mean_j g_j^2/(mean_i g_ij^2 - g_j^2 + 1e-5); early_stopping = 1 - B mean_j g_j^2/var_j, var_j = sum_i (g_ij - " +
        "g_j)^2/(B-1), " +
        "over elements with a variance: above 0 the gradient is no larger than its noise";

    /// <inheritdoc/>
    public override string Source =>
        "Liu and others: Understanding why neural networks generalize well through GSNR, ICLR 2020; Mahsereci, Balles, Lassner, " +
        "Hennig: Early stopping " +
        "without a validation set, 2017, eq. 14";

    /// <inheritdoc/>
    public override InstrumentCost Cost => InstrumentCost.Products;

    /// <inheritdoc/>
    public override InstrumentNeeds Needs => InstrumentNeeds.Pass;

    /// <inheritdoc/>
    public override InstrumentWork Work(InstrumentRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return run.SingleGradientWork + run.Forward + new InstrumentWork(0, 4.0 * run.Parameters * run.ElementBytes);
    }

    /// <inheritdoc/>
    public override void MeasurePass(InstrumentMoment moment, NetworkPass pass)
    {
        (double gsnr, double ratio, long elements, double noisy) = (0, 0, 0, 0);
        double b = pass.Samples;
        foreach (SingleGradient single in pass.Singles.Parameters.Where(single => single.IsMeasured))
        {
            (Tensor mean, Tensor square, int length) = (single.Gradient, single.SecondMoment().Contiguous(), (int)single.Gradient.Length);
            Sums[] pieces = new Sums[(length + FlatMath.Piece - 1) / FlatMath.Piece];
            FlatMath.Share(length, (start, count) => pieces[start / FlatMath.Piece] = mean.DType == DType.Float32
                ? SumsOf(mean.AsSpan<float>().Slice(start, count), square.AsSpan<float>().Slice(start, count), b)
                : SumsOf(mean.AsSpan<double>().Slice(start, count), square.AsSpan<double>().Slice(start, count), b));
            elements += length;
            foreach (Sums piece in pieces)
                (gsnr, ratio, noisy) = (gsnr + piece.Signal, ratio + piece.Ratio, noisy + piece.Noisy);
        }

        bool hasNoise = b > 1 && noisy > 0;
        moment.Read("mean_gsnr", elements > 0 ? gsnr / elements : double.NaN, note: pass.Singles.Note);
        moment.Read("early_stopping", hasNoise ? 1 - (b * ratio / noisy) : double.NaN, note: hasNoise ? pass.Singles.Note
            : "no element has a variance");
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Sums SumsOf<T>(ReadOnlySpan<T> means, ReadOnlySpan<T> squares, double b)
        where T : unmanaged
    {
        SignalSums sums = default;
        int i = 0;
        for (; i + 8 <= means.Length; i += 8)
        {
            (Vector256<double> mean0, Vector256<double> mean1) = FlatMath.Load8(means, i);
            (Vector256<double> square0, Vector256<double> square1) = FlatMath.Load8(squares, i);
            sums.Add(mean0, square0, b);
            sums.Add(mean1, square1, b);
        }

        for (; i < means.Length; i++)
            sums.Add(Vector256.CreateScalar(FlatMath.Load1(means, i)), Vector256.CreateScalar(FlatMath.Load1(squares, i)), b);

        return sums.Total;
    }

    /// <summary>Sums over elements, and how many have a variance.</summary>
    private readonly record struct Sums(double Signal, double Ratio, double Noisy);

    /// <summary>The sums in four lanes; a lane of zeros adds nothing.</summary>
    private struct SignalSums
    {
        private Vector256<double> _signal, _ratio, _noisy;

        public readonly Sums Total => new(FlatMath.SumOf(_signal), FlatMath.SumOf(_ratio), FlatMath.SumOf(_noisy));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Add(Vector256<double> mean, Vector256<double> square, double b)
        {
            Vector256<double> signal = mean * mean, noise = square - signal;
            noise = Vector256.ConditionalSelect(Vector256.GreaterThan(noise, default), noise, default);
            Vector256<double> variance = noise * b / Vector256.Create(b - 1), isNoisy = Vector256.GreaterThan(variance, default);
            _signal += signal / (noise + Vector256.Create(Epsilon));
            _ratio += Vector256.ConditionalSelect(isNoisy, signal / variance, default);
            _noisy += isNoisy & Vector256<double>.One;
        }
    }
}
