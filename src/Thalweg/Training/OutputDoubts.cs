using Thalweg.Data;
using Thalweg.Layers;
using Thalweg.Losses;

namespace Thalweg.Training;

/// <summary>Finds combinations of loss, output activation and targets that can be computed, but are probably not what was meant.</summary>
internal static class OutputDoubts
{
    /// <summary>One sentence for each doubt, with what is usual.</summary>
    /// <param name="loss">The loss.</param>
    /// <param name="form">What ties its outputs and targets.</param>
    /// <param name="module">The network.</param>
    /// <param name="data">The training samples.</param>
    public static IReadOnlyList<string> Find(Loss loss, OutputForm form, Module module, Dataset data)
    {
        LossMeaning meaning = LossMeaning.Of(loss);
        string activation = FinalActivation.Of(module);
        IEnumerable<string?> doubts = form switch
        {
            ClassOutputForm => [OfActivation(loss, meaning, form, activation), .. OfClasses(loss, meaning, form, activation)],
            NumberOutputForm => [OfActivation(loss, meaning, form, activation), .. OfNumbers(loss, meaning, form, (activation, data))],
            MultiLabelOutputForm => [OfActivation(loss, meaning, form, activation)],
            _ => [],
        };
        return [.. doubts.OfType<string>()];
    }

    private static string? OfActivation(Loss loss, LossMeaning meaning, OutputForm form, string activation)
    {
        if (form.Outputs == 1 && FinalActivation.MixesOutputs(activation))
        {
            return $"{activation} over a single output is the same number for every sample, so nothing is learned; use sigmoid, or one " +
                "output for each class";
        }

        bool isLogit = meaning.Link == OutputLink.Logistic || (meaning.Link == OutputLink.Softmax && meaning.Wants is null && loss is ClassLoss);
        bool isApplied = isLogit && activation is not (FinalActivation.None or FinalActivation.Unknown)
            && !(activation == "log_softmax" && meaning.Link == OutputLink.Softmax);
        if (isApplied && loss is not MultiMarginLoss)
        {
            string own = meaning.Link == OutputLink.Logistic ? "sigmoid" : "softmax";
            return activation == own || (own == "softmax" && activation == "softmin")
                ? $"{loss.Name} applies {own} itself, so {own} is applied twice; leave the output activation out"
                : $"{loss.Name} takes outputs of any size and applies {own} itself; leave the output activation {activation} out";
        }

        return meaning.Wants is { } wanted && activation == FinalActivation.None
            ? $"{loss.Name} takes outputs as {wanted} gives them, and the network ends without an output activation; add {wanted}"
            : null;
    }

    private static IEnumerable<string?> OfClasses(Loss loss, LossMeaning meaning, OutputForm form, string activation)
    {
        yield return meaning.DoubtOnClasses is { } doubt
            ? $"{loss.Name} {doubt}; cross-entropy is usual for classes"
            : null;
        yield return form.Outputs > 1 && (meaning.IsBinary || loss is KullbackLeiblerLoss) && !FinalActivation.MixesOutputs(activation)
            ? $"{loss.Name} takes the {form.Classes} classes as independent yes-or-no questions; softmax_cross_entropy is usual where " +
                "each sample has one class" + (form.Classes == 2 ? ", or one output" : "")
            : null;
    }

    private static IEnumerable<string?> OfNumbers(Loss loss, LossMeaning meaning, OutputForm form, (string Activation, Dataset Data) own)
    {
        double[] targets = new double[own.Data.Count * form.Width];
        own.Data.GatherTargets<double>(Dataset.AllRows(own.Data.Count), targets);
        (double least, double most) = (targets.Min(), targets.Max());
        (double low, double high) = TargetsOf(meaning);
        if (least < low || most > high)
        {
            yield return Text($"{loss.Name} is for targets {Words(low, high)}, and those of training lie between {least:g6} and {most:g6}; ")
                + "do not standardize the target, or choose another loss";
        }

        (low, high) = FinalActivation.Range(own.Activation);
        if (form.Outputs == 1 && meaning.Link == OutputLink.Identity && (least < low || most > high))
        {
            yield return Text($"the output activation {own.Activation} gives numbers {Words(low, high)}, and the targets of training lie ")
                + Text($"between {least:g6} and {most:g6}; choose another, or none");
        }
    }

    /// <summary>The targets that a loss has a meaning for.</summary>
    private static (double Low, double High) TargetsOf(LossMeaning meaning) => (meaning.Targets, meaning.Link) switch
    {
        _ when !meaning.HasOwnUnit => (double.NegativeInfinity, double.PositiveInfinity),
        (ClassTargets.Signs, _) => (-1, 1),
        (ClassTargets.LogIndicators, _) => (double.NegativeInfinity, 0),
        _ when meaning.IsCount => (0, double.PositiveInfinity),
        _ => (0, 1),
    };

    private static string Words(double low, double high) => double.IsInfinity(high) ? Text($"of {low:g6} or more")
        : double.IsInfinity(low) ? Text($"of {high:g6} or less")
        : Text($"between {low:g6} and {high:g6}");

    private static string Text(FormattableString text) => FormattableString.Invariant(text);
}
