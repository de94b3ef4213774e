using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Thalweg.Losses;

/// <summary>The losses that texts name.</summary>
internal static class LossSettings
{
    /// <summary>Makes the kind known.</summary>
    public static void Register() => Settings.Add(new SettingsKind(typeof(Loss), "loss")
    {
        ReadsAliases = true,
        Values = [SettingsValue.Of<Tensor>("numbers as in [1, 5]", ReadWeights, WriteWeights)],
        BuiltIn = Forms,
    });

    private static SettingsForm[] Forms() =>
    [
        SettingsForm.Of<CrossEntropyLoss>("softmax_cross_entropy"),
        SettingsForm.Of<BinaryCrossEntropyLoss>(),
        SettingsForm.Of<MeanSquaredErrorLoss>(),
        SettingsForm.Of<AbsoluteErrorLoss>(),
        SettingsForm.Of<HuberLoss>(),
        SettingsForm.Of<SmoothAbsoluteErrorLoss>(),
        SettingsForm.Of<GaussianLoss>(),
        SettingsForm.Of<PoissonLoss>(),
        SettingsForm.Of<ProbabilityCrossEntropyLoss>(),
        SettingsForm.Of<NegativeLogLikelihoodLoss>(),
        SettingsForm.Of<KullbackLeiblerLoss>(),
        SettingsForm.Of<MultiMarginLoss>(),
        SettingsForm.Of<MultiLabelMarginLoss>(),
        SettingsForm.Of<MultiLabelSoftMarginLoss>(),
        SettingsForm.Of<SoftMarginLoss>(),
        SettingsForm.Of<HingeEmbeddingLoss>(),
    ];

    private static bool ReadWeights(SettingsNode node, [MaybeNullWhen(false)] out Tensor value)
    {
        value = null;
        if (node.Elements is not { } elements)
            return false;
        double[] numbers = new double[elements.Count];
        for (int i = 0; i < numbers.Length; i++)
        {
            if (!double.TryParse(elements[i].Name, NumberStyles.Float, CultureInfo.InvariantCulture, out numbers[i]))
                return false;
        }

        value = Tensor.Vector<double>(numbers);
        return true;
    }

    /// <summary>A tensor of more than one axis has no text.</summary>
    private static SettingsNode WriteWeights(Tensor value) => value.Rank > 1
        ? new(SettingsNode.Unwritten)
        : SettingsNode.List(Enumerable.Range(0, (int)value.Length)
            .Select(i => new SettingsNode(SettingsText.Number(value.Read(i)))));
}
