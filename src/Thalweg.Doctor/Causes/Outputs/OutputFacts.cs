using Thalweg.Layers;
using Thalweg.Losses;

namespace Thalweg.Diagnosis;

/// <summary>Which function outputs come from, and what the loss takes them for.</summary>
internal sealed record OutputFacts(string Function, Loss Loss)
{
    /// <summary>Of a run.</summary>
    public static OutputFacts Of(RunSigns signs) => new(FunctionOf(signs.Trainer.Module, signs.Start), signs.Trainer.Loss);

    /// <summary>Whether the loss applies softmax itself.</summary>
    public bool LossHasSoftmax => Loss is CrossEntropyLoss;

    /// <summary>Whether the loss applies the logistic function itself.</summary>
    public bool LossHasSigmoid => Loss is BinaryCrossEntropyLoss or SoftMarginLoss or MultiLabelSoftMarginLoss;

    /// <summary>Whether the loss takes log-probabilities or probabilities.</summary>
    public bool LossWantsProbabilities => Loss is NegativeLogLikelihoodLoss or KullbackLeiblerLoss or ProbabilityCrossEntropyLoss;

    /// <summary>Whether the loss is one for numbers.</summary>
    public bool IsOfNumbers => Loss is MeanSquaredErrorLoss or AbsoluteErrorLoss or HuberLoss or SmoothAbsoluteErrorLoss or GaussianLoss
        or PoissonLoss;

    /// <summary>The numbers that the function gives.</summary>
    public (double Low, double High) Range => Function switch
    {
        "relu" or "softplus" => (0, double.PositiveInfinity),
        "relu6" => (0, 6),
        "sigmoid" or "hard_sigmoid" or "softmax" => (0, 1),
        "tanh" or "softsign" or "hardtanh" => (-1, 1),
        "log_sigmoid" or "log_softmax" => (double.NegativeInfinity, 0),
        _ => (double.NegativeInfinity, double.PositiveInfinity),
    };

    private static string FunctionOf(Module module, NetworkProbe? probe) => module switch
    {
        Sequential { Modules: [.., (_, Module last)] } => FunctionOf(last, probe),
        ActivationLayer layer => ActivationNames.NameOf(layer.Activation),
        FunctionLayer layer => layer.Function,
        Dense dense => ActivationNames.NameOf(dense.Activation),
        _ => probe?.Layers.LastOrDefault()?.Function.Replace(' ', '_') ?? "",
    };
}

/// <summary>Softmax before a loss that applies it itself.</summary>
internal sealed class SoftmaxTwice : Diagnoser
{
    /// <inheritdoc/>
    public override Cause Cause => Cause.SoftmaxTwice;

    /// <inheritdoc/>
    public override bool NeedsReplay => false;

    /// <inheritdoc/>
    public override Finding? Examine(RunSigns signs) =>
        OutputFacts.Of(signs) is { LossHasSoftmax: true, Function: "softmax" or "softmin" } ? Found(Evidence.Fact("softmax_before_loss", true, Cause.Source)) with
        {
            Weight = 2,
            Fixes = List(Repairs.Outputs(signs, "no_output_function", null)),
        } : null;
}

/// <summary>A loss of probabilities on plain outputs.</summary>
internal sealed class SoftmaxMissing : Diagnoser
{
    /// <inheritdoc/>
    public override Cause Cause => Cause.SoftmaxMissing;

    /// <inheritdoc/>
    public override bool NeedsReplay => false;

    /// <inheritdoc/>
    public override Finding? Examine(RunSigns signs)
    {
        OutputFacts facts = OutputFacts.Of(signs);
        bool isMissing = facts.LossWantsProbabilities && facts.Function is not ("log_softmax" or "softmax" or "sigmoid" or "log_sigmoid")
            && facts.Function.Length > 0;
        return isMissing ? Found(Evidence.Fact("plain_outputs_to_probabilities", true, Cause.Source)) with
        {
            Weight = 2,
            Fixes = List(
                Repairs.Outputs(signs, "output_function", facts.Loss is ProbabilityCrossEntropyLoss ? "sigmoid" : "log_softmax"),
                Repairs.Fields(signs, "default_loss", ("training.loss", null))),
        } : null;
    }
}

/// <summary>A loss for another kind of target or output.</summary>
internal sealed class LossMismatch : Diagnoser
{
    /// <inheritdoc/>
    public override Cause Cause => Cause.LossMismatch;

    /// <inheritdoc/>
    public override bool NeedsReplay => false;

    /// <inheritdoc/>
    public override Finding? Examine(RunSigns signs)
    {
        OutputFacts facts = OutputFacts.Of(signs);
        bool isClasses = signs.Data.HasClasses;
        bool isTwice = facts.LossHasSigmoid && facts.Function is "sigmoid" or "hard_sigmoid" && facts.LossHasSigmoid;
        bool isBound = (facts.LossHasSoftmax || facts.LossHasSigmoid) && facts.Function is "tanh" or "relu" or "sigmoid" or "softsign"
            && (facts.LossHasSoftmax || facts.LossHasSigmoid);
        bool isOther = isClasses
            ? facts.IsOfNumbers || (facts.Loss is BinaryCrossEntropyLoss or HingeEmbeddingLoss && signs.Data.ClassCounts.Length > 2)
                || facts.Loss is HingeEmbeddingLoss
            : signs.Data.HasNumbers && (facts.Loss is BinaryCrossEntropyLoss or PoissonLoss or HingeEmbeddingLoss or SoftMarginLoss
                or KullbackLeiblerLoss or ProbabilityCrossEntropyLoss);
        if (!isTwice && !isBound && !isOther && !signs.Trainer.Warnings.Any(warning => warning.StartsWith(facts.Loss.Name, StringComparison.Ordinal)
            && warning.Contains("is for targets", StringComparison.Ordinal)))
        {
            return null;
        }

        return Found(Evidence.Fact("loss_of_other_targets", true, Cause.Source)) with
        {
            Weight = 2,
            Note = $"{facts.Loss.Name}, {(facts.Function.Length == 0 ? "none" : facts.Function)}",
            Fixes = List(isOther
                ? Repairs.Fields(signs, "default_loss", ("training.loss", null), ("network.output_activation", null))
                : Repairs.Outputs(signs, "no_output_function", null)),
        };
    }
}

/// <summary>Outputs that cannot reach the targets.</summary>
internal sealed class BoundedOutput : Diagnoser
{
    /// <inheritdoc/>
    public override Cause Cause => Cause.BoundedOutput;

    /// <inheritdoc/>
    public override bool NeedsReplay => false;

    /// <inheritdoc/>
    public override Finding? Examine(RunSigns signs)
    {
        OutputFacts facts = OutputFacts.Of(signs);
        (double low, double high) = facts.Range;
        if (!signs.Data.HasNumbers || (double.IsInfinity(low) && double.IsInfinity(high)))
            return null;
        double outside = signs.Data.TargetsOutside(low, high);
        return Found(Evidence.Above("targets_out_of_reach", outside, 0.1, 0.05, Cause.Source)) with
        {
            Weight = 2,
            Fixes = List(Repairs.Outputs(signs, "no_output_function", null)),
        };
    }
}

/// <summary>Outputs that start far from what is usual.</summary>
internal sealed class WrongOutputBias : Diagnoser
{
    /// <inheritdoc/>
    public override Cause Cause => Cause.WrongOutputBias;

    /// <inheritdoc/>
    public override double GainNeeded => 0.5;

    /// <inheritdoc/>
    public override bool StandsAlone => true;

    /// <inheritdoc/>
    public override Finding? Examine(RunSigns signs)
    {
        // Large inputs shift the outputs as well; a bias does so on inputs of usual size.
        if (signs.Start is not { OutputMeans.Length: > 0 } start || start.InputRms > 5)
            return null;
        double bias = start.OutputBias, middle = start.OutputMeans.Average();
        double off = signs.Data.HasClasses ? Math.Min(bias, start.OutputMeans.Max(value => Math.Abs(value - middle))) : double.NaN;
        if (signs.Data.HasNumbers)
        {
            (double mean, double deviation) = signs.Data.TargetMoments;
            double scale = Math.Max(deviation, 1e-12);
            off = Math.Max(bias, Math.Abs(mean)) < scale ? 0 : Math.Abs(start.OutputMeans[0] - mean) / scale;
        }

        return Found(Evidence.TimesAbove("output_offset", off, 2.5, 1.6, Cause.Source)) with
        {
            Weight = 1.6,
            Fixes = List(Repairs.Fields(signs, "output_bias", ("start.output_bias", "true")), Repairs.Initializer(signs)),
        };
    }
}
