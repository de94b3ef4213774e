namespace Thalweg.Faults;

/// <summary>Faults of the learning rate, the batch and the noise.</summary>
internal static class RateCases
{
    public static void Add(CaseList list)
    {
        ProblemSet all = list.Problems;
        list.Cause("rate_too_high", "dead_relu exploding_gradients edge_of_stability saturation nonfinite_origin gradient_noise rate_not_decayed weights_too_large cliff plateau vanishing_gradients overconfidence")
            .Everywhere("rate=1")
            .On(all.Friedman, "rate=3", "optimizer=sgd; rate=0.05")
            .On(all.Clouds, "rate=8", "optimizer=momentum; rate=0.02")
            .On(all.Waves, "rate=2", "optimizer=momentum; rate=0.02")
            .On(all.Shells, "rate=20", "optimizer=sgd; rate=0.1");

        list.Cause("rate_too_low", "too_few_epochs plateau")
            .Everywhere("rate=0.00001")
            .On(all.Friedman, "rate=0.0001", "optimizer=sgd; rate=0.05")
            .On(all.Clouds, "rate=0.00005", "optimizer=momentum; rate=0.02")
            .On(all.Waves, "rate=0.00005", "optimizer=momentum; rate=0.02")
            .On(all.Shells, "rate=0.0003", "optimizer=sgd; rate=0.1");

        list.Cause("edge_of_stability", "rate_too_high ill_conditioning cliff rate_not_decayed exploding_gradients momentum_too_high dead_relu")
            .On(all.Friedman, "rate=0.25", "batch=full; optimizer=sgd; rate=0.15; schedule=constant; epochs=300")
            .On(all.Moons, "rate=3", "batch=full; optimizer=sgd; rate=0.5; schedule=constant; epochs=300")
            .On(all.Clouds, "rate=3", "batch=full; optimizer=sgd; rate=0.7; schedule=constant; epochs=200")
            .On(all.Sums, "rate=0.6", "batch=full; optimizer=momentum; rate=0.2; schedule=constant; epochs=120")
            .On(all.Energy, "rate=0.25", "batch=full; optimizer=sgd; rate=0.1; schedule=constant; epochs=300")
            .On(all.Waves, "rate=0.25", "batch=full; optimizer=sgd; rate=0.15; schedule=constant; epochs=300")
            .On(all.Spirals, "rate=1.2", "batch=full; optimizer=sgd; rate=0.4; schedule=constant; epochs=400")
            .On(all.Shells, "rate=12", "batch=full; optimizer=sgd; rate=0.5; schedule=constant; epochs=300")
            .On(all.Orders, "rate=3", "batch=full; optimizer=momentum; rate=0.2; schedule=constant; epochs=120");

        list.Cause("rate_not_decayed", "rate_too_high gradient_noise batch_too_small edge_of_stability dead_relu", Symptom.Loss)
            .On(all.Friedman, "schedule=constant", "rate=0.04; batch=8; epochs=30")
            .On(all.Moons, "schedule=constant", "rate=0.06; batch=8; epochs=25")
            .On(all.Bars, "schedule=constant", $"source={ProblemSet.BarsFile("bars-noise", 500, 75)}; rate=0.03; batch=8; epochs=8; layers=cnn:6,8+12")
            .On(all.Sums, "schedule=constant", "rate=0.08; batch=8; epochs=15")
            .On(all.Energy, "schedule=constant", "rate=0.04; batch=8")
            .On(all.Waves, "schedule=constant", "optimizer=sgd; batch=4; rate=0.1; epochs=40")
            .On(all.Spirals, "schedule=constant", "rate=0.05; batch=8; epochs=40")
            .On(all.Blots, "schedule=constant", "rate=0.025; batch=8; epochs=10; layers=cnn:6,8+12")
            .Pair(all.Orders, Noisy("rate=0.08; batch=8; epochs=15"), Noisy("schedule=constant; rate=0.08; batch=8; epochs=15"));

        list.Cause("gradient_noise", "batch_too_small rate_too_high rate_not_decayed edge_of_stability label_noise momentum_too_high dead_relu")
            .On(all.Friedman, "batch=1", "optimizer=sgd; rate=0.02; schedule=constant; epochs=30")
            .On(all.Moons, "batch=1", "optimizer=sgd; rate=0.2; schedule=constant; epochs=20")
            .On(all.Clouds, "batch=1", "optimizer=sgd; rate=0.12; schedule=constant; epochs=12")
            .On(all.Sums, "batch=1", "optimizer=sgd; rate=0.4; schedule=constant; epochs=15")
            .On(all.Waves, "batch=1", "optimizer=sgd; rate=0.03; schedule=constant; epochs=30")
            .On(all.Shells, "batch=1", "optimizer=sgd; rate=0.2; schedule=constant; epochs=20")
            .On(all.Spirals, "batch=1", "optimizer=sgd; rate=0.15; schedule=constant; epochs=40")
            .On(all.Orders, "batch=1", "optimizer=sgd; rate=0.4; schedule=constant; epochs=20");

        list.Cause("batch_too_large", "too_few_epochs rate_too_low plateau")
            .On(all.Moons, "batch=full").On(all.Bars, "batch=full").On(all.Sums, "batch=full").On(all.Digits, "batch=full")
            .On(all.Spirals, "batch=full").On(all.Blots, "batch=full").On(all.Orders, "batch=full").On(all.Mnist, "batch=full");

        list.Cause("batch_too_small", "gradient_noise rate_too_high rate_not_decayed edge_of_stability dead_relu")
            .On(all.Moons, "batch=1", "rate=0.06; epochs=8; schedule=constant")
            .On(all.Friedman, "batch=1", "rate=0.02; epochs=12; schedule=constant")
            .On(all.Bars, "batch=1", "rate=0.02; epochs=5; schedule=constant")
            .On(all.Sums, "batch=1", "rate=0.05; epochs=6; schedule=constant")
            .On(all.Spirals, "batch=1", "rate=0.03; epochs=15; schedule=constant")
            .On(all.Waves, "batch=1", "rate=0.02; epochs=12; schedule=constant")
            .On(all.Blots, "batch=1", "rate=0.02; epochs=5; schedule=constant")
            .Pair(all.Orders, Noisy("rate=0.05; epochs=6; schedule=constant"), Noisy("batch=1; rate=0.05; epochs=6; schedule=constant"));
    }

    /// <summary>Sequences that leave some doubt.</summary>
    private static Func<Setup, Setup> Noisy(string changes) =>
        setup => Plant.Data(Change.Apply(setup, changes), samples => LabelCases.Blurred(samples, 0.6));
}
