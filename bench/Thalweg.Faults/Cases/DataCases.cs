namespace Thalweg.Faults;

/// <summary>Faults of the features and of how samples are given.</summary>
internal static class DataCases
{
    public static void Add(CaseList list)
    {
        ProblemSet all = list.Problems;
        const string Sgd = "optimizer=momentum; rate=0.01; epochs=25";
        CauseCases unscaled = list.Cause("unscaled_inputs", "ill_conditioning exploding_gradients saturation dead_relu rate_too_high weights_too_large plateau edge_of_stability cliff vanishing_gradients nonfinite_origin constant_input overconfidence");
        foreach (Problem? problem in new[] { all.Moons, all.Friedman, all.Bars, all.Sums, all.Digits, all.Spirals, all.Waves, all.Blots, all.Orders, all.Mnist })
            unscaled.On(problem, setup => Plant.Data(setup, samples => samples.Map((j, value) => j % 2 == 0 ? 300 * value : 40 + (20 * value))), Sgd);

        CauseCases constant = list.Cause("constant_input", "unscaled_inputs ill_conditioning saturation dead_relu exploding_gradients rate_too_high edge_of_stability plateau vanishing_gradients weights_too_large");
        foreach (Problem problem in new[] { all.Moons, all.Friedman, all.Clouds, all.Spirals, all.Waves, all.Shells })
            constant.On(problem, setup => Plant.Data(setup, samples => Constant(samples, 4, 40)), Sgd);

        list.Cause("too_little_data", "overfitting overconfidence validation_too_small label_noise")
            .On(all.Moons, "samples=24; batch=8")
            .On(all.Clouds, $"source={ProblemSet.CloudsFile("clouds-24", 24)}; batch=8")
            .On(all.Bars, $"source={ProblemSet.BarsFile("bars-24", 24, 70)}; batch=8")
            .On(all.Sums, setup => Plant.Sequences(Change.Apply(setup, "batch=8"), () => ProblemSet.SumSamples(32)))
            .On(all.Spirals, "samples=45; batch=8")
            .On(all.Shells, $"source={ProblemSet.ShellsFile("shells-30", 30)}; batch=8")
            .On(all.Blots, $"source={ProblemSet.BlotsFile("blots-30", 30)}; batch=8")
            .On(all.Orders, setup => Plant.Sequences(Change.Apply(setup, "batch=8"), () => ProblemSet.OrderSamples(14)));

        list.Cause("unshuffled_data", "gradient_noise rate_too_high rate_not_decayed batch_too_small edge_of_stability")
            .On(all.Clouds, "training.sampler=sequential", $"source={ProblemSet.CloudsFile("clouds-sorted", isSorted: true)}; schedule=constant; rate=0.03; epochs=8")
            .On(all.Bars, "training.sampler=sequential", $"source={ProblemSet.BarsFile("bars-sorted", isSorted: true)}; schedule=constant")
            .On(all.Sums, setup => Plant.Data(Change.Apply(setup, "training.sampler=sequential"), null, samples => samples.Sorted()), "schedule=constant")
            .On(all.Moons, setup => Plant.Data(Change.Apply(setup, "training.sampler=sequential"), null, samples => samples.Sorted()), "schedule=constant; rate=0.05; epochs=10")
            .On(all.Shells, "training.sampler=sequential", $"source={ProblemSet.ShellsFile("shells-sorted", isSorted: true)}; schedule=constant; rate=0.05; epochs=8")
            .On(all.Blots, "training.sampler=sequential", $"source={ProblemSet.BlotsFile("blots-sorted", isSorted: true)}; schedule=constant")
            .On(all.Orders, setup => Plant.Data(Change.Apply(setup, "training.sampler=sequential"), null, samples => samples.Sorted()), "schedule=constant; rate=0.08; epochs=8")
            .On(all.Spirals, setup => Plant.Data(Change.Apply(setup, "training.sampler=sequential"), null, samples => samples.Sorted()), "schedule=constant");

        // A feature that holds the answer in training and nothing where the network is used.
        CauseCases leak = list.Cause("leakage", "overfitting overconfidence");
        foreach (Problem? problem in new[] { all.Moons, all.Clouds, all.Bars, all.Sums, all.Digits, all.Spirals, all.Shells, all.Blots, all.Orders, all.Mnist })
            leak.On(problem, setup => Plant.Data(setup, samples => Answered(samples, isTrue: false), null) with { Data = Leaking(setup) });
    }

    private static Func<ulong, Runs.RunData> Leaking(Setup setup) => seed =>
    {
        Data.DataSplit split = setup.WithSeed(seed).Open().Split;
        Data.Dataset training = Answered(Samples.Of(split.Training.Data), isTrue: true).ToDataset();
        Data.Dataset judged = Answered(Samples.Of(split.Validation.Data), isTrue: false).ToDataset();
        return Runs.RunData.Of(new Data.DataSplit(
            Data.Preprocessing.Of(training), new Data.TrainingSet(training), new Data.ValidationSet(judged), Test: null, Notes: []));
    };

    /// <summary>A feature set to the class, or to another sample's: a further column of a table, the first row of pixels or the first number of a sequence otherwise.</summary>
    private static Samples Answered(Samples samples, bool isTrue)
    {
        Samples wide = samples.Shape.Length == 1 ? Constant(samples, 1, 0) : samples;
        int width = wide.Shape.Aggregate((a, b) => a * b), place = samples.Shape.Length == 1 ? width - 1 : 0;
        int places = samples.Shape.Length == 3 ? samples.Shape[^1] : 1;
        float[] values = (float[])wide.Features.Clone();
        for (int row = 0; row < samples.Count; row++)
        {
            RandomStream random = Draws.Of(22, row);
            int label = isTrue ? samples.Labels![row] : random.NextInt32(samples.Classes);
            values.AsSpan((row * width) + place, places).Fill(3 * ((2f * label / (samples.Classes - 1)) - 1));
        }

        return wide with { Features = values };
    }

    /// <summary>More columns, all of one value.</summary>
    private static Samples Constant(Samples samples, int more, float value)
    {
        int width = samples.Shape[0];
        float[] values = new float[samples.Count * (width + more)];
        values.AsSpan().Fill(value);
        for (int row = 0; row < samples.Count; row++)
            samples.Features.AsSpan(row * width, width).CopyTo(values.AsSpan(row * (width + more)));
        return samples with { Features = values, Shape = [width + more] };
    }
}
