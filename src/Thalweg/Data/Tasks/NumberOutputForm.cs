using System.Numerics;
using Thalweg.Layers;
using Thalweg.Losses;
using Thalweg.Metrics;

namespace Thalweg.Data;

/// <summary>Outputs that say numbers.</summary>
internal sealed class NumberOutputForm : LossOutputForm
{
    private readonly IReadOnlyList<NumberOutput> _numbers;

    private NumberOutputForm(LossMeaning meaning, IReadOnlyList<NumberOutput> numbers, int outputs, Module module)
        : base(meaning, numbers.Count, outputs, module) => _numbers = numbers;

    /// <summary>The form of a network's outputs.</summary>
    /// <exception cref="ThalwegException">They cannot be computed together.</exception>
    public static NumberOutputForm Of(Loss loss, IReadOnlyList<NumberOutput> numbers, Module module, Shape outputs)
    {
        LossMeaning meaning = LossMeaning.Of(loss);
        if (!meaning.TakesNumbers)
        {
            throw new ThalwegException(
                $"[train] expected a loss for numbers, such as mean_squared_error, for data with numbers to predict, got {loss.Name}, " +
                "which is for classes; change the loss, or ask for classification");
        }

        int[] fitting = [numbers.Count * meaning.OutputsPerTarget];
        return outputs.Rank == 2 && fitting.Contains(outputs[1])
            ? new NumberOutputForm(meaning, numbers, outputs[1], module)
            : throw Unfit(loss, numbers.Count == 1 ? "a number to predict" : $"{numbers.Count} numbers to predict", fitting, outputs);
    }

    /// <inheritdoc/>
    public override void Predict(Tensor outputs, Span<double> results)
    {
        ReadOnlySpan<double> y = outputs.AsSpan<double>();
        for (int row = 0; row < outputs.Shape[0]; row++)
        {
            for (int i = 0; i < Width; i++)
                results[(row * Width) + i] = NumberOf(y[(row * Outputs) + i]);
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
        OutputLink.Identity or OutputLink.Softmax => mean,
        OutputLink.Logistic => Logit(Meaning.Targets == ClassTargets.Signs ? (1 + mean) / 2 : mean),
        OutputLink.Exponential => Math.Log(Meaning.Targets == ClassTargets.Signs ? (1 + mean) / 2 : mean),
        _ => double.NaN,
    };

    private static double Logit(double share) => Math.Log(share / (1 - share));

    /// <summary>The number that an output says, in the unit of the targets.</summary>
    /// <param name="output">An output: that of the mean where there are variances.</param>
    internal override double NumberOf(double output) => (Meaning.Targets, Meaning.Link) switch
    {
        (_, OutputLink.Identity or OutputLink.Softmax) => output,
        (ClassTargets.Signs, _) => (2 * Share(output)) - 1,
        (ClassTargets.LogIndicators, _) => output,
        _ => Share(output),
    };

    /// <inheritdoc/>
    internal override double InUnit(int column, double number) => (number * _numbers[column].Deviation) + _numbers[column].Mean;

    private void Score<T>(ReadOnlySpan<T> outputs, ReadOnlySpan<T> targets, ref ScoreSums sums)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (Meaning.Link == OutputLink.Identity && sums.TryAdd(outputs, targets))
            return;
        for (int i = 0; i < targets.Length; i++)
        {
            (int row, int column) = (i / Width, i % Width);
            double target = double.CreateTruncating(targets[i]);
            sums.Add(column, target, NumberOf(double.CreateTruncating(outputs[(row * Outputs) + column])) - target);
        }
    }
}
