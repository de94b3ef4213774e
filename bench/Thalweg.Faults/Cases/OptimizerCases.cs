namespace Thalweg.Faults;

/// <summary>Faults of the optimizer's other settings.</summary>
internal static class OptimizerCases
{
    public static void Add(CaseList list)
    {
        ProblemSet all = list.Problems;
        list.Cause("adagrad_stalled", "rate_too_low too_few_epochs plateau")
            .Everywhere("optimizer=adagrad(start=0.1); rate=0.0015; schedule=constant")
            .On(all.Friedman, "optimizer=adagrad; rate=0.001; schedule=constant")
            .On(all.Waves, "optimizer=adagrad; rate=0.001; schedule=constant");

        list.Cause("epsilon_too_large", "rate_too_low too_few_epochs plateau")
            .Everywhere("optimizer=adam(epsilon=10)")
            .On(all.Friedman, "optimizer=adam(epsilon=100)")
            .On(all.Waves, "optimizer=adam(epsilon=100)");

        // Columns that are almost always 0: where no gradient has come for long, a tiny denominator makes a huge step of the next one.
        CauseCases small = list.Cause("epsilon_too_small", "rate_too_high exploding_gradients nonfinite_origin edge_of_stability weights_too_large gradient_noise cliff");
        foreach (Problem problem in new[] { all.Moons, all.Clouds, all.Friedman, all.Spirals, all.Shells, all.Waves })
        {
            small.Pair(
                problem,
                setup => Plant.Data(Change.Apply(setup, "optimizer=adam(b1=0.9, b2=0.7, epsilon=0.001)"), Rare),
                setup => Plant.Data(Change.Apply(setup, "optimizer=adam(b1=0.9, b2=0.7, epsilon=1e-30)"), Rare));
        }

        list.Cause("momentum_too_high", "rate_too_high edge_of_stability cliff gradient_noise rate_not_decayed exploding_gradients dead_relu")
            .On(all.Moons, "optimizer=momentum(mu=0.998)", "optimizer=momentum; rate=0.05; schedule=constant")
            .On(all.Bars, "optimizer=momentum(mu=0.998)", "optimizer=momentum; rate=0.02; schedule=constant")
            .On(all.Sums, "optimizer=momentum(mu=0.998)", "optimizer=momentum; rate=0.1; schedule=constant")
            .On(all.Digits, "optimizer=momentum(mu=0.998)", "optimizer=momentum; rate=0.02; schedule=constant")
            .On(all.Friedman, "optimizer=nesterov(mu=0.998)", "optimizer=nesterov; rate=0.01; schedule=constant")
            .On(all.Spirals, "optimizer=momentum(mu=0.998)", "optimizer=momentum; rate=0.05; schedule=constant")
            .On(all.Blots, "optimizer=momentum(mu=0.998)", "optimizer=momentum; rate=0.02; schedule=constant")
            .On(all.Orders, "optimizer=momentum(mu=0.999)", "optimizer=momentum; rate=0.1; schedule=constant; epochs=15")
            .On(all.Mnist, "optimizer=momentum(mu=0.998)", "optimizer=momentum; rate=0.02; schedule=constant")
            .On(all.Waves, "optimizer=nesterov(mu=0.998)", "optimizer=nesterov; rate=0.01; schedule=constant");
    }

    /// <summary>Twelve more columns, each 0 in 99 of 100 samples and else a number of no meaning.</summary>
    private static Samples Rare(Samples samples)
    {
        const int More = 12;
        int width = samples.Shape[0];
        float[] values = new float[samples.Count * (width + More)];
        for (int row = 0; row < samples.Count; row++)
        {
            RandomStream random = Draws.Of(21, row + samples.Count);
            samples.Features.AsSpan(row * width, width).CopyTo(values.AsSpan(row * (width + More)));
            for (int j = 0; j < More; j++)
                values[(row * (width + More)) + width + j] = random.NextDouble() < 0.01 ? (float)random.NextNormal() : 0;
        }

        return samples with { Features = values, Shape = [width + More] };
    }
}
