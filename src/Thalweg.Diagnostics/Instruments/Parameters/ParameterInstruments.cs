using Thalweg.Optimizers;
using Thalweg.Training;

namespace Thalweg.Diagnostics;

/// <summary>An instrument that goes once over the parameters.</summary>
public abstract record ParameterInstrument : Instrument
{
    /// <inheritdoc/>
    public override InstrumentCost Cost => InstrumentCost.Elements;

    /// <summary>Vectors as long as the parameters that it reads or writes; default 2.</summary>
    protected virtual double Vectors => 2;

    /// <inheritdoc/>
    public override InstrumentWork Work(InstrumentRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return new(0, Vectors * run.Parameters * run.ElementBytes, 1 + run.Trainer.Parameters.Segments.Items.Count);
    }

    /// <summary>Reads the square root of a sum over each parameter and over all.</summary>
    /// <param name="moment">The moment.</param>
    /// <param name="quantity">What it is.</param>
    /// <param name="square">The sum of squares over a parameter.</param>
    private protected static void ReadNorms(InstrumentMoment moment, string quantity, Func<ParameterSegment, double> square)
    {
        double sum = 0;
        foreach (ParameterSegment segment in moment.Parameters.Segments.Items)
        {
            double part = square(segment);
            sum += part;
            moment.Read(quantity, Math.Sqrt(part), segment.Name);
        }

        moment.Read(quantity, Math.Sqrt(sum));
    }
}

/// <summary>Norm of the gradient of each parameter and of all.</summary>
public sealed record GradientNorm : ParameterInstrument
{
    /// <inheritdoc/>
    public override string Definition => "|g| = sqrt(sum g_j^2), g the gradient of the step with regularizers, before clipping";

    /// <inheritdoc/>
    public override string Source => "Goodfellow, Bengio, Courville: Deep Learning, 2016, section 8.2.1";

    /// <inheritdoc/>
    public override string Unit => "loss per unit of the weight";

    /// <inheritdoc/>
    public override InstrumentNeeds Needs => InstrumentNeeds.Gradient;

    /// <inheritdoc/>
    protected override double Vectors => 1;

    /// <inheritdoc/>
    public override void MeasureGradient(InstrumentMoment moment)
    {
        Tensor g = moment.Parameters.Gradients;
        ReadNorms(moment, "norm", segment => FlatMath.Dot(g, g, segment.Offset, segment.Size));
    }
}

/// <summary>Norm of each parameter and of all.</summary>
public sealed record WeightNorm : ParameterInstrument
{
    /// <inheritdoc/>
    public override string Definition => "|w| = sqrt(sum w_j^2); rms: |w|/sqrt(n)";

    /// <inheritdoc/>
    public override string Source => "Schneider, Dangel, Hennig: Cockpit, NeurIPS 2021, section 2 (parameters)";

    /// <inheritdoc/>
    public override string Unit => "unit of the weight";

    /// <inheritdoc/>
    public override InstrumentNeeds Needs => InstrumentNeeds.Gradient;

    /// <inheritdoc/>
    protected override double Vectors => 1;

    /// <inheritdoc/>
    public override void MeasureGradient(InstrumentMoment moment)
    {
        Tensor w = moment.Parameters.Values;
        ReadNorms(moment, "norm", segment => FlatMath.Dot(w, w, segment.Offset, segment.Size));
    }
}

/// <summary>Size of the update against that of the weights.</summary>
public sealed record UpdateRatio : ParameterInstrument
{
    /// <inheritdoc/>
    public override string Definition => "ratio = |w' - w|/|w| for the weights w before and w' after the update; norm = |w' - w|";

    /// <inheritdoc/>
    public override string Source =>
        "Karpathy: CS231n, Neural networks part 3, ratio of weights and updates (about 1e-3); You, Gitman, Ginsburg: LARS, 2017";

    /// <inheritdoc/>
    public override string Unit => "dimensionless (norm: unit of the weight)";

    /// <inheritdoc/>
    public override InstrumentNeeds Needs => InstrumentNeeds.Update;

    /// <inheritdoc/>
    public override void MeasureUpdate(InstrumentMoment moment, Tensor before, in StepReport report)
    {
        UpdateSums sums = moment.Run.SumsOf(moment.Step, before);
        for (int i = 0; i < sums.Parts.Length; i++)
        {
            (double weight, double update, _) = sums.Parts[i];
            string name = moment.Parameters.Segments.Items[i].Name;
            moment.Read("norm", Math.Sqrt(update), name);
            if (weight > 0)
                moment.Read("ratio", Math.Sqrt(update / weight), name);
        }

        (double weights, double updates, _) = sums.All;
        moment.Read("norm", Math.Sqrt(updates));
        moment.Read("ratio", weights > 0 ? Math.Sqrt(updates / weights) : double.NaN, note: weights > 0 ? null : "all weights are 0");
    }
}

/// <summary>How far the weights have come from where the run, or the panel, began.</summary>
public sealed record DistanceFromStart : ParameterInstrument
{
    /// <inheritdoc/>
    public override string Definition => "|w - w_0|, w_0 the weights at the first step that was due";

    /// <inheritdoc/>
    public override string Source =>
        "Hoffer, Hubara, Soudry: Train longer, generalize better, NeurIPS 2017, section 4 (distance grows with log t)";

    /// <inheritdoc/>
    public override string Unit => "unit of the weight";

    /// <inheritdoc/>
    public override InstrumentNeeds Needs => InstrumentNeeds.Gradient;

    /// <inheritdoc/>
    public override void MeasureGradient(InstrumentMoment moment)
    {
        Tensor w = moment.Parameters.Values;
        if (moment.State.Find("start") is not { } start)
        {
            moment.State.Keep("start", w);
            moment.Read("distance", 0, note: moment.Step == 0 ? null
                : $"from the weights of step {moment.Step} on, the first that was measured");
            return;
        }

        ReadNorms(moment, "distance", segment => FlatMath.SquaredDistance(w, start, segment.Offset, segment.Size));
    }
}

/// <summary>Length of the way that the weights have gone, through the points that were measured.</summary>
public sealed record PathLength : ParameterInstrument
{
    /// <inheritdoc/>
    public override string Definition =>
        "sum |w_k - w_k-1| over the weights at the measured steps: a lower bound of the way, exact with every(1); straightness = |w " +
        "- w_0|/length";

    /// <inheritdoc/>
    public override string Source =>
        "Lucas, Bae, Zhang and others: Analyzing monotonic linear interpolation, 2021, section 3 (length of the path)";

    /// <inheritdoc/>
    public override string Unit => "unit of the weight (straightness: dimensionless)";

    /// <inheritdoc/>
    public override InstrumentNeeds Needs => InstrumentNeeds.Gradient;

    /// <inheritdoc/>
    protected override double Vectors => 5;

    /// <inheritdoc/>
    public override void MeasureGradient(InstrumentMoment moment)
    {
        (Tensor w, InstrumentState state) = (moment.Parameters.Values, moment.State);
        if (state.Find("last") is not { } last)
        {
            state.Keep("start", w);
            state.Keep("last", w);
            state.Keep("length", 0.0);
            moment.Read("length", 0);
            return;
        }

        int n = checked((int)w.Length);
        double length = state.Numbers("length")![0] + Math.Sqrt(FlatMath.SquaredDistance(w, last, 0, n));
        state.Keep("length", length);
        state.Keep("last", w);
        moment.Read("length", length);
        if (length > 0)
            moment.Read("straightness", Math.Sqrt(FlatMath.SquaredDistance(w, state.Find("start")!, 0, n)) / length);
    }
}

/// <summary>Cosine between the gradients of successive steps.</summary>
public sealed record GradientCosine : ParameterInstrument
{
    /// <inheritdoc/>
    public override string Definition => "cos = g_t . g_t+1/(|g_t| |g_t+1|) for the step that is due and the one after it";

    /// <inheritdoc/>
    public override string Source =>
        "Goodfellow, Vinyals, Saxe: Qualitatively characterizing neural network optimization problems, 2015; Xing and others: A walk " +
        "with SGD, 2018";

    /// <inheritdoc/>
    public override InstrumentNeeds Needs => InstrumentNeeds.Gradient | InstrumentNeeds.NextStep;

    /// <inheritdoc/>
    public override void MeasureGradient(InstrumentMoment moment)
    {
        Tensor g = moment.Parameters.Gradients;
        if (moment.IsNextStep && moment.State.Find("gradient") is { } last)
        {
            double size = Math.Sqrt(FlatMath.Dot(g, g) * FlatMath.Dot(last, last));
            moment.Read("cosine", size > 0 ? FlatMath.Dot(g, last) / size : double.NaN, note: size > 0 ? null : "a gradient is 0");
        }

        if (moment.IsDue)
            moment.State.Keep("gradient", g);
    }
}
