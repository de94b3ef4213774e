namespace Thalweg.Faults;

/// <summary>Faults of batch normalization.</summary>
internal static class NormalizationCases
{
    public static void Add(CaseList list)
    {
        ProblemSet all = list.Problems;
        list.Cause("batchnorm_tiny_batch", "batch_too_small gradient_noise batchnorm_mode rate_too_high rate_not_decayed")
            .On(all.Moons, "batch=2", "norm=batch; epochs=10")
            .On(all.Clouds, "batch=2", "norm=batch; layers=mlp:24,24; epochs=8")
            .On(all.Bars, "batch=2", "norm=batch; epochs=5")
            .On(all.Sums, "batch=2", "norm=batch; epochs=8")
            .On(all.Digits, "batch=2", "norm=batch; epochs=4")
            .On(all.Spirals, "batch=2", "norm=batch; epochs=20")
            .On(all.Shells, "batch=2", "norm=batch; epochs=8")
            .On(all.Blots, "batch=2", "norm=batch; epochs=5")
            .On(all.Orders, "batch=2", "norm=batch; epochs=8")
            .On(all.Mnist, "batch=2", "norm=batch; epochs=4");

        // Statistics for evaluation that never follow those of training.
        CauseCases mode = list.Cause("batchnorm_mode", "overfitting overconfidence unscaled_inputs exploding_gradients weights_too_large")
            .On(all.Moons, "norm=batch(momentum=0)", "norm=batch")
            .On(all.Bars, "norm=batch(momentum=0)", "norm=batch")
            .On(all.Sums, "norm=batch(momentum=0)", "norm=batch")
            .On(all.Digits, "norm=batch(momentum=0.0001)", "norm=batch")
            .On(all.Spirals, "norm=batch(momentum=0)", "norm=batch")
            .On(all.Blots, "norm=batch(momentum=0.0001)", "norm=batch")
            .On(all.Orders, "norm=batch(momentum=0)", "norm=batch")
            .On(all.Mnist, "norm=batch(momentum=0.0001)", "norm=batch");
        foreach (Problem problem in new[] { all.Friedman, all.Waves })
        {
            mode.Pair(
                problem,
                setup => Plant.Network(Scaled(setup), Networks.Dense([24, 24, 24], () => new NormalizedRelu(24))),
                setup => Plant.Network(Scaled(setup), Networks.Dense([24, 24, 24], () => new NeverTraining(24))));
        }
    }

    /// <summary>Inputs of another size, which normalization makes up for where it works.</summary>
    private static Setup Scaled(Setup setup) =>
        Plant.Data(Change.Apply(setup, "optimizer=sgd; rate=0.02"), samples => samples.Map((_, value) => 30 * value));
}
