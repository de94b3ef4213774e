using Thalweg.Training;

namespace Thalweg.Diagnostics;

/// <summary>Curvature along the gradient and along the update, and what it says of how much the loss should fall.</summary>
public sealed record GradientCurvature : CurvatureInstrument
{
    /// <inheritdoc/>
    public override string Definition =>
        "on the samples of the step, g and H of the objective at the weights before the update d: gg = g'g; ghg = g'H g; curvature = " +
        "g'H g/g'g; dhd = d'H d; " +
        "predicted = g'd + d'H d/2; actual = f(w + d) - f(w); ratio = actual/predicted";

    /// <inheritdoc/>
    public override string Source =>
        "Goodfellow, Bengio, Courville: Deep Learning, 2016, eq. 8.10 and section 8.2.1 (g'Hg against g'g); Nocedal, Wright: " +
        "Numerical optimization, 2006, eq. 4.4";

    /// <inheritdoc/>
    public override string Unit => "loss, by powers of the weight";

    /// <inheritdoc/>
    public override InstrumentNeeds Needs => InstrumentNeeds.Update;

    /// <inheritdoc/>
    protected override double ProductsExpected => 3;

    /// <inheritdoc/>
    public override void MeasureUpdate(InstrumentMoment moment, Tensor before, in StepReport report)
    {
        ArgumentNullException.ThrowIfNull(before);
        Tensor weights = moment.Parameters.Values, after = weights.Detach().Clone();
        double[] d = CurvatureOperator.ToDoubles(after.Subtract(before));
        TrainingProbe probe = CurvatureOperator.ProbeOf(moment, Samples, FixedSamples);
        Tensor gradient = Tensor.Zeros(weights.Shape, weights.DType);
        double end = probe.Gradient(gradient), start;
        double[] g, hg, hd;
        try
        {
            weights.Assign(before);
            start = probe.Gradient(gradient);
            CurvatureOperator matrix = Operator(moment);
            g = CurvatureOperator.ToDoubles(gradient);
            hg = matrix.Multiply(g);
            hd = matrix.Multiply(d);
        }
        finally
        {
            weights.Assign(after);
        }

        double gg = FlatMath.Dot(g, g), ghg = FlatMath.Dot(g, hg), dhd = FlatMath.Dot(d, hd);
        double predicted = FlatMath.Dot(g, d) + (dhd / 2);
        moment.Read("gg", gg, note: OnSamples(moment));
        moment.Read("ghg", ghg);
        moment.Read("curvature", gg > 0 ? ghg / gg : double.NaN, note: gg > 0 ? null : "the gradient is 0");
        moment.Read("dhd", dhd);
        moment.Read("predicted", predicted);
        moment.Read("actual", end - start);
        moment.Read("ratio", predicted != 0 ? (end - start) / predicted : double.NaN, note: predicted != 0 ? null
            : "no change was predicted");
    }
}
