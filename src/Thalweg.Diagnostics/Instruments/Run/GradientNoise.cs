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
        (double b, double mean) = (singles.Samples, singles.SquaredMean);
        if (b < 2 || singles.Coverage == 0)
        {
            moment.Read("variance", double.NaN, note: b < 2 ? "a batch of one sample has no variance" : singles.Note);
            return;
        }

        double squares = singles.SquaredNorms.Sum(), products = singles.Products.Sum(product => product * product);
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
        (double gsnr, double ratio, long elements, long noisy) = (0, 0, 0, 0);
        double b = pass.Samples;
        foreach (SingleGradient single in pass.Singles.Parameters.Where(single => single.IsMeasured))
        {
            FlatReader mean = new(single.Gradient), square = new(single.SecondMoment().Contiguous());
            for (int j = 0; j < single.Gradient.Length; j++, elements++)
            {
                double signal = mean[j] * mean[j], noise = Math.Max(0, square[j] - signal), variance = noise * b / (b - 1);
                gsnr += signal / (noise + Epsilon);
                ratio += variance > 0 ? signal / variance : 0;
                noisy += variance > 0 ? 1 : 0;
            }
        }

        bool hasNoise = b > 1 && noisy > 0;
        moment.Read("mean_gsnr", elements > 0 ? gsnr / elements : double.NaN, note: pass.Singles.Note);
        moment.Read("early_stopping", hasNoise ? 1 - (b * ratio / noisy) : double.NaN, note: hasNoise ? pass.Singles.Note
            : "no element has a variance");
    }
}
