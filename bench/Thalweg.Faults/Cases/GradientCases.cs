namespace Thalweg.Faults;

/// <summary>Faults of what flows backward.</summary>
internal static class GradientCases
{
    public static void Add(CaseList list)
    {
        ProblemSet all = list.Problems;
        list.Cause("vanishing_gradients", "plateau saturation weights_too_small rate_too_low saddle symmetric_start too_few_epochs")
            .On(all.Moons, "activation=sigmoid; init=xavier_uniform", "layers=mlp:16,16,16,16,16,16; rate=0.005")
            .On(all.Bars, "activation=sigmoid; init=xavier_uniform", "layers=cnn:8,16+16,16,16,16; rate=0.005")
            .On(all.Sums, "activation=sigmoid; init=xavier_uniform", "layers=lstm:12+16,16,16,16,16,16; optimizer=momentum; rate=0.1; epochs=20")
            .On(all.Digits, "activation=sigmoid; init=xavier_uniform", "layers=cnn:12,16+32,32,32,32; rate=0.005")
            .On(all.Spirals, "activation=sigmoid; init=xavier_uniform", "layers=mlp:32,32,32,32,32,32; rate=0.005")
            .On(all.Blots, "activation=sigmoid; init=xavier_uniform", "layers=cnn:6,12+24,24,24,24; rate=0.005")
            .On(all.Orders, "activation=sigmoid; init=xavier_uniform", "layers=gru:12+12,12,12,12,12,12; optimizer=momentum; rate=0.1; epochs=20")
            .On(all.Mnist, "activation=sigmoid; init=xavier_uniform", "layers=cnn:8,16+24,24,24,24; rate=0.005");

        list.Cause("exploding_gradients", "weights_too_large rate_too_high nonfinite_origin dead_relu cliff edge_of_stability overconfidence ill_conditioning saturation")
            .On(all.Moons, "init=variance_scaling(16)", "layers=mlp:16,16,16,16,16,16; optimizer=sgd; rate=0.02")
            .On(all.Bars, "init=variance_scaling(12)", "layers=cnn:8,16+16,16,16,16; optimizer=sgd; rate=0.02")
            .On(all.Sums, "init=variance_scaling(16)", "layers=lstm:12+16,16,16,16,16; optimizer=sgd; rate=0.1; epochs=25")
            .On(all.Digits, "init=variance_scaling(12)", "layers=cnn:12,16+32,32,32,32; optimizer=sgd; rate=0.02")
            .On(all.Spirals, "init=variance_scaling(16)", "layers=mlp:32,32,32,32,32,32; optimizer=sgd; rate=0.02")
            .On(all.Blots, "init=variance_scaling(12)", "layers=cnn:6,12+24,24,24,24; optimizer=sgd; rate=0.02")
            .On(all.Orders, "init=variance_scaling(16)", "layers=gru:12+12,12,12,12,12; optimizer=sgd; rate=0.1; epochs=25")
            .On(all.Mnist, "init=variance_scaling(12)", "layers=cnn:8,16+24,24,24,24; optimizer=sgd; rate=0.02");

        list.Cause("exploding_in_time", "exploding_gradients weights_too_large rate_too_high nonfinite_origin cliff saturation plateau edge_of_stability ill_conditioning overconfidence dead_relu")
            .Pair(all.Sums, InTime(16, 20, "tanh", 1, sums: true), InTime(16, 20, "tanh", 8, sums: true))
            .Pair(all.Sums, InTime(12, 25, "relu", 1, sums: true), InTime(12, 25, "relu", 4, sums: true))
            .Pair(all.Sums, InTime(24, 30, "tanh", 1, sums: true), InTime(24, 30, "tanh", 6, sums: true))
            .Pair(all.Orders, InTime(16, 15, "tanh", 1, sums: false), InTime(16, 15, "tanh", 8, sums: false))
            .Pair(all.Orders, InTime(20, 20, "relu", 1, sums: false), InTime(20, 20, "relu", 4, sums: false))
            .Pair(all.Orders, InTime(24, 18, "tanh", 1, sums: false), InTime(24, 18, "tanh", 6, sums: false));

        CauseCases wrong = list.Cause("wrong_gradient", "rate_too_low rate_too_high plateau vanishing_gradients exploding_gradients saturation weights_too_large");
        foreach ((Problem? problem, Mistake mistake) in new[]
        {
            (all.Moons, Mistake.Sign), (all.Friedman, Mistake.OtherFunction), (all.Bars, Mistake.Sign), (all.Sums, Mistake.Missing),
            (all.Digits, Mistake.Missing), (all.Spirals, Mistake.Sign), (all.Waves, Mistake.OtherFunction), (all.Blots, Mistake.Missing),
            (all.Orders, Mistake.Sign), (all.Mnist, Mistake.Sign),
        })
        {
            int[] units = mistake == Mistake.Missing ? [16, 16] : [24];
            wrong.Pair(
                problem,
                setup => Plant.Network(setup, Networks.For(problem!, units, () => new WrongActivation(Mistake.None))),
                setup => Plant.Network(setup, Networks.For(problem!, units, () => new WrongActivation(mistake))));
        }

        CauseCases nonFinite = list.Cause("nonfinite_origin", "exploding_gradients rate_too_high weights_too_large cliff");
        foreach ((Problem? problem, Unguarded function) in new[]
        {
            (all.Moons, Unguarded.Log), (all.Bars, Unguarded.Log), (all.Sums, Unguarded.Exponential), (all.Digits, Unguarded.Log),
            (all.Spirals, Unguarded.Exponential), (all.Blots, Unguarded.Exponential), (all.Orders, Unguarded.Log), (all.Mnist, Unguarded.Log),
        })
        {
            nonFinite.Pair(
                problem,
                setup => Plant.Network(setup, Networks.For(problem!, [24], () => new UnguardedFunction(function, 0.5))),
                setup => Plant.Network(setup, Networks.For(problem!, [24], () => new UnguardedFunction(function, 0))));
        }

        list.Cause("clipping_every_step", "rate_too_low too_few_epochs plateau")
            .Everywhere("clip=0.003", "optimizer=momentum; rate=0.05; epochs=20")
            .On(all.Friedman, "clip=0.002", "optimizer=sgd; rate=0.05")
            .On(all.Waves, "clip=0.002", "optimizer=sgd; rate=0.05");
    }

    /// <summary>A simple recurrent network whose map from state to state is scaled at the start.</summary>
    private static Func<Setup, Setup> InTime(int units, int length, string activation, float factor, bool sums) => setup =>
    {
        Setup sequences = Plant.Sequences(
            Change.Apply(setup, "optimizer=sgd; rate=0.05; epochs=25"),
            () => sums ? ProblemSet.SumSamples(600, length) : ProblemSet.OrderSamples(600, length));
        return Plant.Network(sequences, Networks.OfLayers(
            $"[rnn({units}, activation={activation}, all_steps=false), output]", (name, values) =>
            {
                if (!name.EndsWith("weight_hh_l0", StringComparison.Ordinal))
                    return;
                foreach (ref float value in values)
                    value *= factor;
            }));
    };
}
