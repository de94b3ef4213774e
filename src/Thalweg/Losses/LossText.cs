namespace Thalweg.Losses;

/// <summary>Losses as text: a name, or a name with settings, as in <c>huber(delta=0.5)</c>; the form in which model files keep
/// them.</summary>
public static class LossText
{
    /// <summary>What stands in place of settings that no text can hold.</summary>
    internal const string Unwritten = "...";

    private static readonly LossForm[] s_forms =
    [
        new(new CrossEntropyLoss(),
            LossSetting.Numbers<CrossEntropyLoss>("class_weights", l => l.ClassWeights, (l, value) => l with { ClassWeights = value }),
            LossSetting.Whole<CrossEntropyLoss>("ignored_label", l => l.IgnoredLabel, (l, value) => l with { IgnoredLabel = value }),
            LossSetting.Number<CrossEntropyLoss>("label_smoothing", l => l.LabelSmoothing, (l, value) => l with { LabelSmoothing = value })),
        new(new BinaryCrossEntropyLoss(),
            LossSetting.Weights<BinaryCrossEntropyLoss>(
                "positive_weights", l => l.PositiveWeights, (l, value) => l with { PositiveWeights = value }),
            LossSetting.Weights<BinaryCrossEntropyLoss>(
                "element_weights", l => l.ElementWeights, (l, value) => l with { ElementWeights = value })),
        new(new MeanSquaredErrorLoss()),
        new(new AbsoluteErrorLoss()),
        new(new HuberLoss(), LossSetting.Number<HuberLoss>("delta", l => l.Delta, (l, value) => l with { Delta = value })),
        new(new SmoothAbsoluteErrorLoss(),
            LossSetting.Number<SmoothAbsoluteErrorLoss>("beta", l => l.Beta, (l, value) => l with { Beta = value })),
        new(new GaussianLoss(),
            LossSetting.Flag<GaussianLoss>("full", l => l.Full, (l, value) => l with { Full = value }),
            LossSetting.Number<GaussianLoss>("epsilon", l => l.Epsilon, (l, value) => l with { Epsilon = value })),
        new(new PoissonLoss(),
            LossSetting.Flag<PoissonLoss>("log_input", l => l.LogInput, (l, value) => l with { LogInput = value }),
            LossSetting.Flag<PoissonLoss>("full", l => l.Full, (l, value) => l with { Full = value }),
            LossSetting.Number<PoissonLoss>("epsilon", l => l.Epsilon, (l, value) => l with { Epsilon = value })),
        new(new ProbabilityCrossEntropyLoss(),
            LossSetting.Weights<ProbabilityCrossEntropyLoss>(
                "element_weights", l => l.ElementWeights, (l, value) => l with { ElementWeights = value })),
        new(new NegativeLogLikelihoodLoss(),
            LossSetting.Numbers<NegativeLogLikelihoodLoss>(
                "class_weights", l => l.ClassWeights, (l, value) => l with { ClassWeights = value }),
            LossSetting.Whole<NegativeLogLikelihoodLoss>(
                "ignored_label", l => l.IgnoredLabel, (l, value) => l with { IgnoredLabel = value })),
        new(new KullbackLeiblerLoss(),
            LossSetting.Flag<KullbackLeiblerLoss>("log_targets", l => l.LogTargets, (l, value) => l with { LogTargets = value }),
            LossSetting.Flag<KullbackLeiblerLoss>(
                "mean_over_samples", l => l.MeanOverSamples, (l, value) => l with { MeanOverSamples = value })),
        new(new MultiMarginLoss(),
            LossSetting.Numbers<MultiMarginLoss>("class_weights", l => l.ClassWeights, (l, value) => l with { ClassWeights = value }),
            LossSetting.Whole<MultiMarginLoss>("ignored_label", l => l.IgnoredLabel, (l, value) => l with { IgnoredLabel = value }),
            LossSetting.Whole<MultiMarginLoss>("power", l => l.Power, (l, value) => l with { Power = value }),
            LossSetting.Number<MultiMarginLoss>("margin", l => l.Margin, (l, value) => l with { Margin = value })),
        new(new MultiLabelMarginLoss(),
            LossSetting.Number<MultiLabelMarginLoss>("margin", l => l.Margin, (l, value) => l with { Margin = value })),
        new(new MultiLabelSoftMarginLoss(),
            LossSetting.Weights<MultiLabelSoftMarginLoss>(
                "class_weights", l => l.ClassWeights, (l, value) => l with { ClassWeights = value })),
        new(new SoftMarginLoss()),
        new(new HingeEmbeddingLoss(),
            LossSetting.Number<HingeEmbeddingLoss>("margin", l => l.Margin, (l, value) => l with { Margin = value })),
    ];

    /// <summary>Names of all losses of one network output for each sample.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. s_forms.Select(form => form.Default.Name)];

    /// <summary>Reads a loss.</summary>
    /// <param name="text">A name of <see cref="Names"/>, or one with settings by name, as in
    /// <c>softmax_cross_entropy(label_smoothing=0.1)</c>; the names of PyTorch and Keras, such as <c>mse</c>, are understood.</param>
    /// <exception cref="ThalwegException">The name or a setting is not known or out of range: the message gives the choices.</exception>
    public static Loss Parse(string text)
    {
        SettingsNode node = SettingsNode.Read(text);
        string name = OtherNames.Find(node.Name, Names) ?? node.Name;
        LossForm form = Array.Find(s_forms, known => known.Default.Name == name)
            ?? throw new ThalwegException($"[loss] unknown loss '{node.Name}'; {NearestName.Advice(node.Name, Names)}");
        Loss loss = form.Default;
        foreach ((string? setting, SettingsNode value) in node.Arguments.Select(argument => (argument.Name, argument.Value)))
        {
            LossSetting known = form.Settings.FirstOrDefault(candidate => candidate.Name == setting) ?? throw Unknown(form, setting, value);
            loss = known.Read(loss, value);
        }

        return loss;
    }

    /// <summary>The text of a loss, which <see cref="Parse"/> reads back: its name, with the settings that differ from the
    /// default.</summary>
    /// <param name="loss">The loss. For a custom one, and for weights of several axes, the text says <c>...</c> in place of the settings
    /// and does not read back.</param>
    public static string Print(Loss loss)
    {
        ArgumentNullException.ThrowIfNull(loss);
        if (Array.Find(s_forms, known => known.Default.GetType() == loss.GetType()) is not { } form)
        {
            return $"{loss.Name}({Unwritten})";
        }

        string[] settings = [.. form.Settings
            .Where(setting => setting.Print(loss) != setting.Print(form.Default))
            .Select(setting => $"{setting.Name}={setting.Print(loss)}")];
        return settings.Length == 0 ? loss.Name : $"{loss.Name}({string.Join(", ", settings)})";
    }

    private static ThalwegException Unknown(LossForm form, string? setting, SettingsNode value)
    {
        string place = $"[loss] {form.Default.Name}:";
        string[] names = [.. form.Settings.Select(known => known.Name)];
        if (names.Length == 0)
        {
            return new ThalwegException($"{place} expected no settings, got '{setting ?? value.Name}'; leave it out");
        }

        return new ThalwegException(setting is null
            ? $"{place} expected settings by name, got '{value.Name}'; write it as in {names[0]}={value.Name}"
            : $"{place} unknown setting '{setting}'; {NearestName.Advice(setting, names)}");
    }
}
