namespace Thalweg.Faults;

/// <summary>Too much and too little of what holds a network back.</summary>
internal static class RegularizationCases
{
    public static void Add(CaseList list)
    {
        ProblemSet all = list.Problems;
        list.Cause("decay_too_strong", "penalty_too_strong weights_too_small vanishing_gradients plateau dead_relu symmetric_start too_few_units")
            .Everywhere("optimizer=adamw; decay=10")
            .On(all.Friedman, "decay=1", "optimizer=sgd; rate=0.05")
            .On(all.Waves, "decay=1", "optimizer=sgd; rate=0.05");

        list.Cause("penalty_too_strong", "decay_too_strong weights_too_small vanishing_gradients plateau dead_relu symmetric_start too_few_units")
            .Everywhere("training.regularizers=l2(0.5)")
            .On(all.Friedman, "training.regularizers=l1(0.1)")
            .On(all.Waves, "training.regularizers=l1(0.1)");

        list.Cause("dropout_too_strong", "gradient_noise too_few_units too_few_epochs rate_too_low")
            .Everywhere("dropout=0.9")
            .On(all.Friedman, "dropout=0.9")
            .On(all.Waves, "dropout=0.9");

        // Few noisy samples, a wide network, many epochs.
        list.Cause("overfitting", "too_little_data overconfidence label_noise overlapping_classes validation_too_small early_stopping_too_early", Symptom.Loss)
            .Against(all.Clouds, $"source={ProblemSet.CloudsFile("clouds-few", 180, 1.7)}; layers=mlp:96,96; epochs=150", $"source={ProblemSet.CloudsFile("clouds-few", 180, 1.7)}; layers=mlp:16; epochs=15")
            .Against(all.Friedman, $"source={ProblemSet.FriedmanFile("friedman-few", 160, 5)}; layers=mlp:96,96; epochs=200", $"source={ProblemSet.FriedmanFile("friedman-few", 160, 5)}; layers=mlp:16; epochs=25")
            .Against(all.Bars, $"source={ProblemSet.BarsFile("bars-few", 160, 70, 0.15)}; epochs=60", $"source={ProblemSet.BarsFile("bars-few", 160, 70, 0.15)}; epochs=12; dropout=0.3")
            .Pair(all.Sums, Sequences("epochs=5", sums: true), Sequences("layers=lstm:32+32; epochs=80", sums: true))
            .Against(all.Shells, $"source={ProblemSet.ShellsFile("shells-few", 180, 0.5)}; layers=mlp:96,96; epochs=150", $"source={ProblemSet.ShellsFile("shells-few", 180, 0.5)}; layers=mlp:16; epochs=20")
            .Against(all.Waves, $"source={ProblemSet.WavesFile("waves-few", 160, 1.2)}; layers=mlp:96,96; epochs=200", $"source={ProblemSet.WavesFile("waves-few", 160, 1.2)}; layers=mlp:16; epochs=40")
            .Against(all.Blots, $"source={ProblemSet.BlotsFile("blots-few", 160, 70, 0.15)}; epochs=60", $"source={ProblemSet.BlotsFile("blots-few", 160, 70, 0.15)}; epochs=12; dropout=0.3")
            .Pair(all.Orders, Sequences("epochs=6", sums: false), Sequences("layers=gru:32+32; epochs=80", sums: false));

        // The classes are told apart as well, but the probabilities are far too sure.
        list.Cause("overconfidence", "overfitting label_noise overlapping_classes too_little_data weights_too_large", Symptom.Loss)
            .Against(all.Clouds, $"source={ProblemSet.CloudsFile("clouds-wide", 400, 1.6)}; layers=mlp:64,64; epochs=120", $"source={ProblemSet.CloudsFile("clouds-wide", 400, 1.6)}; epochs=10")
            .Pair(all.Moons, Blurry("epochs=15", 0.6), Blurry("layers=mlp:64,64; epochs=200; rate=0.02", 0.6))
            .Against(all.Bars, $"source={ProblemSet.BarsFile("bars-noisy", 400, 75)}; epochs=50", $"source={ProblemSet.BarsFile("bars-noisy", 400, 75)}; epochs=12; layers=cnn:8,8+8")
            .Pair(all.Sums, Wrong("epochs=6", sums: true), Wrong("layers=lstm:24+24; epochs=60", sums: true))
            .Against(all.Shells, $"source={ProblemSet.ShellsFile("shells-wide", 400, 0.45)}; layers=mlp:64,64; epochs=120", $"source={ProblemSet.ShellsFile("shells-wide", 400, 0.45)}; epochs=10")
            .Pair(all.Spirals, Blurry("epochs=40", 0.25), Blurry("layers=mlp:64,64; epochs=250; rate=0.02", 0.25))
            .Against(all.Blots, $"source={ProblemSet.BlotsFile("blots-noisy", 500, 60)}; epochs=50", $"source={ProblemSet.BlotsFile("blots-noisy", 500, 60)}; epochs=12; layers=cnn:6,8+8")
            .Pair(all.Orders, Wrong("epochs=8", sums: false), Wrong("layers=gru:24+24; epochs=60", sums: false));
    }

    private static Func<Setup, Setup> Sequences(string changes, bool sums) => setup => Plant.Sequences(
        Change.Apply(setup, changes), () => sums ? ProblemSet.SumSamples(140, 10, 0.25) : ProblemSet.OrderSamples(160, 10, 0.25));

    private static Func<Setup, Setup> Blurry(string changes, double deviation) =>
        setup => Plant.Data(Change.Apply(setup, changes), samples => LabelCases.Blurred(samples, deviation));

    private static Func<Setup, Setup> Wrong(string changes, bool sums) => setup => Plant.Sequences(
        Change.Apply(setup, changes), () => sums ? ProblemSet.SumSamples(400, 10, 0.2) : ProblemSet.OrderSamples(400, 10, 0.2));
}
