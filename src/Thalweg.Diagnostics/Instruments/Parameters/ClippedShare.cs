using Thalweg.Optimizers;
using Thalweg.Rules;

namespace Thalweg.Diagnostics;

/// <summary>How much clipping takes away from the gradient.</summary>
public sealed record ClippedShare : Instrument
{
    /// <inheritdoc/>
    public override string Definition =>
        "share = 1 - |clipped g|/|g| of the chain's first rule that clips; clipped = 1 where it clips anything; by value: elements: " +
        "share of elements clipped";

    /// <inheritdoc/>
    public override string Source =>
        "Pascanu, Mikolov, Bengio: On the difficulty of training recurrent neural networks, ICML 2013, algorithm 1";

    /// <inheritdoc/>
    public override InstrumentCost Cost => InstrumentCost.Elements;

    /// <inheritdoc/>
    public override InstrumentNeeds Needs => InstrumentNeeds.Gradient;

    /// <inheritdoc/>
    public override string? Unavailable(InstrumentRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return run.Trainer.Options.Minimizer is not null ? "a minimizer clips nothing"
            : First(run.Trainer.Optimizer.Chain) is null ? $"the optimizer {run.Trainer.Optimizer.Chain} clips nothing"
            : null;
    }

    /// <inheritdoc/>
    public override InstrumentWork Work(InstrumentRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return new(0, (double)run.Parameters * run.ElementBytes, 1);
    }

    /// <inheritdoc/>
    public override void MeasureGradient(InstrumentMoment moment)
    {
        Rule rule = First(moment.Trainer.Optimizer.Chain)!;
        Tensor g = moment.Parameters.Gradients;
        long update = moment.Trainer.Optimizer.Updates;
        double all = FlatMath.Dot(g, g), left = 0;
        switch (rule)
        {
            case ClipByGlobalNorm clip:
                left = Left(all, clip.Maximum.At(update));
                break;
            case ClipEach clip:
                left = moment.Parameters.Segments.Items.Sum(segment =>
                    Left(FlatMath.Dot(g, g, segment.Offset, segment.Size), clip.Maximum.At(update)));
                break;
            case ClipByValue clip:
                left = ByValue(moment, g, clip.Limit.At(update));
                break;
        }

        double share = all > 0 ? 1 - Math.Sqrt(left / all) : 0;
        moment.Read("share", Math.Max(0, share));
        moment.Read("clipped", left < all ? 1 : 0);
    }

    private static Rule? First(Chain chain) => chain.FirstOrDefault(rule =>
        rule is ClipByGlobalNorm { Order: 2 } or ClipByValue or ClipEach { Order: 2 });

    /// <summary>Square of a norm after clipping.</summary>
    private static double Left(double square, double most) => Math.Min(square, most * most);

    private static double ByValue(InstrumentMoment moment, Tensor g, double limit)
    {
        FlatReader reader = new(g);
        double left = 0;
        long clipped = 0, count = 0;
        foreach (ParameterSegment segment in moment.Parameters.Segments.Items)
        {
            for (int i = segment.Offset; i < segment.Offset + segment.Size; i++, count++)
            {
                double size = Math.Min(Math.Abs(reader[i]), limit);
                left += size * size;
                clipped += Math.Abs(reader[i]) > limit ? 1 : 0;
            }
        }

        moment.Read("elements", (double)clipped / count);
        return left;
    }
}
