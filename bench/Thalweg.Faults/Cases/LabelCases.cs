namespace Thalweg.Faults;

/// <summary>Faults of the labels.</summary>
internal static class LabelCases
{
    public static void Add(CaseList list)
    {
        ProblemSet all = list.Problems;
        list.Cause("label_noise", "overlapping_classes overfitting overconfidence too_little_data")
            .On(all.Clouds, $"source={ProblemSet.CloudsFile("clouds-wrong", wrong: 0.4)}")
            .On(all.Moons, setup => Plant.Data(setup, samples => Wrong(samples, 0.4)))
            .On(all.Bars, $"source={ProblemSet.BarsFile("bars-wrong", wrong: 0.4)}")
            .On(all.Sums, setup => Plant.Sequences(setup, () => ProblemSet.SumSamples(wrong: 0.4)))
            .On(all.Digits, setup => Plant.Data(setup, samples => Wrong(samples, 0.35)))
            .On(all.Shells, $"source={ProblemSet.ShellsFile("shells-wrong", wrong: 0.4)}")
            .On(all.Spirals, setup => Plant.Data(setup, samples => Wrong(samples, 0.35)))
            .On(all.Blots, $"source={ProblemSet.BlotsFile("blots-wrong", wrong: 0.4)}")
            .On(all.Orders, setup => Plant.Sequences(setup, () => ProblemSet.OrderSamples(wrong: 0.4)))
            .On(all.Mnist, setup => Plant.Data(setup, samples => Wrong(samples, 0.35)));

        list.Cause("overlapping_classes", "label_noise overfitting overconfidence too_little_data")
            .On(all.Clouds, $"source={ProblemSet.CloudsFile("clouds-overlap", spread: 2.4)}")
            .On(all.Moons, setup => Plant.Data(setup, samples => Blurred(samples, 0.9)))
            .On(all.Bars, $"source={ProblemSet.BarsFile("bars-overlap", noise: 110)}")
            .On(all.Sums, setup => Plant.Data(setup, samples => Blurred(samples, 1.5)))
            .On(all.Shells, $"source={ProblemSet.ShellsFile("shells-overlap", spread: 0.6)}")
            .On(all.Spirals, setup => Plant.Data(setup, samples => Blurred(samples, 0.35)))
            .On(all.Blots, $"source={ProblemSet.BlotsFile("blots-overlap", noise: 110)}")
            .On(all.Orders, setup => Plant.Data(setup, samples => Blurred(samples, 0.9)));

        // The same rare class with and without weights: what falls is the mean of the classes' recalls.
        const string Judge = "training.metrics=balanced_accuracy";
        list.Cause("imbalance_ignored", "overlapping_classes validation_too_small too_little_data", Symptom.OtherMetric)
            .Against(all.Clouds, $"source={ProblemSet.CloudsFile("clouds-rare", 900, 1.3, rare: 0.04)}; {Judge}", $"source={ProblemSet.CloudsFile("clouds-rare", 900, 1.3, rare: 0.04)}; {Judge}; data.class_weights=balanced")
            .Against(all.Clouds, $"source={ProblemSet.CloudsFile("clouds-rarer", 1200, 1.2, rare: 0.025)}; {Judge}", $"source={ProblemSet.CloudsFile("clouds-rarer", 1200, 1.2, rare: 0.025)}; {Judge}; data.class_weights=balanced")
            .Pair(all.Bars, setup => Unbalanced(setup, "training.sampler=balanced; epochs=6", 90), setup => Unbalanced(setup, "epochs=6", 90))
            .Pair(all.Sums, setup => Unbalanced(setup, "training.sampler=balanced; epochs=8", 0), setup => Unbalanced(setup, "epochs=8", 0))
            .Against(all.Shells, $"source={ProblemSet.ShellsFile("shells-rare", 1000, 0.45, rare: 0.05)}; {Judge}", $"source={ProblemSet.ShellsFile("shells-rare", 1000, 0.45, rare: 0.05)}; {Judge}; data.class_weights=balanced")
            .Against(all.Shells, $"source={ProblemSet.ShellsFile("shells-rarer", 1400, 0.4, rare: 0.03)}; {Judge}", $"source={ProblemSet.ShellsFile("shells-rarer", 1400, 0.4, rare: 0.03)}; {Judge}; data.class_weights=balanced")
            .Pair(all.Blots, setup => Unbalanced(setup, "training.sampler=balanced; epochs=6", 90), setup => Unbalanced(setup, "epochs=6", 90))
            .Pair(all.Orders, setup => Unbalanced(setup, "training.sampler=balanced; epochs=8", 0), setup => Unbalanced(setup, "epochs=8", 0));
    }

    /// <summary>Some labels drawn at random.</summary>
    public static Samples Wrong(Samples samples, double share) => samples with
    {
        Labels = [.. samples.Labels!.Select((label, row) =>
        {
            RandomStream random = Draws.Of(23, row + samples.Count);
            return random.NextDouble() < share ? random.NextInt32(samples.Classes) : label;
        })],
    };

    /// <summary>Normal noise on the features.</summary>
    public static Samples Blurred(Samples samples, double deviation)
    {
        RandomStream random = Draws.Of(24, samples.Count);
        float[] values = [.. samples.Features];
        foreach (ref float value in values.AsSpan())
            value += (float)(deviation * random.NextNormal());
        return samples with { Features = values };
    }

    /// <summary>The last class is left with one sample in twelve, and the features are blurred.</summary>
    private static Setup Unbalanced(Setup setup, string changes, double noise)
    {
        Setup changed = Change.Apply(setup, $"training.metrics=balanced_accuracy; {changes}");
        return Plant.Data(changed, samples => Blurred(
            samples.Take([.. Enumerable.Range(0, samples.Count).Where(row => samples.Labels![row] < samples.Classes - 1 || row % 12 == 0)]),
            noise > 0 ? 1.2 : 0.3));
    }
}
