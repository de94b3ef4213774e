using System.Numerics;
using Thalweg.Layers;
using Thalweg.Losses;
using Thalweg.Metrics;

namespace Thalweg.Data;

/// <summary>Outputs that say yes or no to each of several classes.</summary>
internal sealed class MultiLabelOutputForm : LossOutputForm
{
    private MultiLabelOutputForm(LossMeaning meaning, int classes, int outputs, Module module)
        : base(meaning, classes, outputs, module)
    {
    }

    /// <summary>The form of a network's outputs.</summary>
    /// <exception cref="ThalwegException">They cannot be computed together.</exception>
    public static MultiLabelOutputForm Of(Loss loss, int classes, Module module, Shape outputs)
    {
        LossMeaning meaning = LossMeaning.Of(loss);
        if (meaning.Targets == ClassTargets.Labels && loss is ClassLoss)
        {
            throw new ThalwegException(
                $"[train] expected a loss for several labels, such as binary_cross_entropy, got {loss.Name}, which is for one class "
                + "of each sample; change the loss, or ask for classification");
        }

        int[] fitting = [classes * meaning.OutputsPerTarget];
        return outputs.Rank == 2 && fitting.Contains(outputs[1])
            ? new MultiLabelOutputForm(meaning, classes, outputs[1], module)
            : throw Unfit(loss, $"{classes} labels", fitting, outputs);
    }

    /// <inheritdoc/>
    public override Tensor Encode(Tensor targets, DType dtype)
    {
        if (Meaning.Targets is ClassTargets.Indicators or ClassTargets.Labels)
            return targets;
        if (Meaning.Targets == ClassTargets.LabelLists)
            return Lists(targets);
        Tensor encoded = Tensor.Zeros(targets.Shape, dtype);
        if (dtype == DType.Float32)
            Encode(targets.AsSpan<float>(), encoded.AsSpan<float>());
        else
            Encode(targets.AsSpan<double>(), encoded.AsSpan<double>());
        return encoded;
    }

    /// <inheritdoc/>
    public override void Predict(Tensor outputs, Span<double> results)
    {
        ReadOnlySpan<double> y = outputs.AsSpan<double>();
        for (int row = 0; row < outputs.Shape[0]; row++)
        {
            for (int i = 0; i < Width; i++)
                results[(row * Width) + i] = Probability(y[(row * Outputs) + i]);
        }
    }

    /// <inheritdoc/>
    internal override void Score(Tensor outputs, Tensor targets, ref ScoreSums sums)
    {
        sums.Counted += targets.Shape[0];
        if (outputs.DType == DType.Float32)
            Score(outputs.AsSpan<float>(), targets.AsSpan<float>(), ref sums);
        else
            Score(outputs.AsSpan<double>(), targets.AsSpan<double>(), ref sums);
    }

    /// <inheritdoc/>
    protected override double StartOf(double mean) => Meaning.Link switch
    {
        OutputLink.Identity => Meaning.Targets == ClassTargets.Signs ? (2 * mean) - 1 : mean,
        OutputLink.Logistic => Math.Log(mean / (1 - mean)),
        OutputLink.Exponential => Math.Log(mean),
        _ => double.NaN,
    };

    /// <summary>Scores of a margin loss have no probability of their own: 1/2 where they are 0, as for a logit.</summary>
    private double Probability(double output) =>
        Meaning.Link == OutputLink.Softmax ? 1 / (1 + Math.Exp(-output)) : Math.Clamp(Share(output), 0, 1);

    /// <inheritdoc/>
    internal override void ProbabilitiesOf(ReadOnlySpan<double> outputs, Span<double> results)
    {
        for (int i = 0; i < results.Length; i++)
            results[i] = Probability(outputs[i]);
    }

    private void Score<T>(ReadOnlySpan<T> outputs, ReadOnlySpan<T> targets, ref ScoreSums sums)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int row = 0; row < targets.Length / Width; row++)
        {
            int wrong = 0;
            for (int i = 0; i < Width; i++)
            {
                bool isSaid = Probability(double.CreateTruncating(outputs[(row * Outputs) + i])) > 0.5;
                bool isTrue = double.CreateTruncating(targets[(row * Width) + i]) > 0.5;
                sums.Said += isSaid ? 1 : 0;
                sums.True += isTrue ? 1 : 0;
                sums.Both += isSaid && isTrue ? 1 : 0;
                wrong += isSaid == isTrue ? 0 : 1;
            }

            sums.Right += wrong == 0 ? 1 : 0;
        }
    }

    private void Encode<T>(ReadOnlySpan<T> targets, Span<T> encoded)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        (T off, T on) = Codes<T>();
        bool isLog = Meaning.Targets == ClassTargets.LogIndicators;
        for (int i = 0; i < targets.Length; i++)
            encoded[i] = isLog ? T.Log(targets[i]) : off + ((on - off) * targets[i]);
    }

    /// <summary>The labels of each sample, then -1.</summary>
    private Tensor Lists(Tensor targets)
    {
        Tensor lists = Tensor.Zeros(targets.Shape, DType.Int32);
        Span<int> all = lists.AsSpan<int>();
        all.Fill(-1);
        for (int row = 0; row < targets.Shape[0]; row++)
        {
            int at = row * Width;
            for (int i = 0; i < Width; i++)
            {
                if (targets.Read((row * Width) + i) > 0.5)
                    all[at++] = i;
            }
        }

        return lists;
    }
}
