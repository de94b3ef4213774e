namespace Thalweg.Faults;

/// <summary>Landscapes that a step cannot cross, and that look alike in the curve of the loss.</summary>
internal static class LandscapeCases
{
    public static void Add(CaseList list)
    {
        ProblemSet all = list.Problems;
        // Features that are almost the same, whose small difference is what counts.
        CauseCases valley = list.Cause("ill_conditioning", "plateau rate_too_low too_few_epochs unscaled_inputs edge_of_stability");
        foreach (Problem problem in new[] { all.Friedman, all.Clouds, all.Moons, all.Waves, all.Shells, all.Shells.With("layers=mlp:16") })
            valley.On(problem, setup => Plant.Data(setup, Skew), "optimizer=sgd; rate=0.05; epochs=60");
        valley.On(all.Sums, setup => Plant.Data(setup, Stretch), "optimizer=sgd; rate=0.2; epochs=25")
            .On(all.Orders, setup => Plant.Data(setup, Stretch), "optimizer=sgd; rate=0.2; epochs=40");

        // tanh networks close to 0, where the gradient of each weight is the product of all others.
        list.Cause("saddle", "weights_too_small symmetric_start plateau vanishing_gradients rate_too_low too_few_epochs")
            .On(all.Moons, "init=normal(0.002)", "layers=mlp:12,12,12; activation=tanh; init=xavier_uniform; optimizer=sgd; rate=0.1")
            .On(all.Friedman, "init=normal(0.002)", "layers=mlp:16,16; activation=tanh; init=xavier_uniform; optimizer=sgd; rate=0.05")
            .On(all.Bars, "init=normal(0.002)", "activation=tanh; init=xavier_uniform; optimizer=sgd; rate=0.05; epochs=15")
            .On(all.Sums, "init=normal(0.001)", "layers=lstm:12+12,12; activation=tanh; init=xavier_uniform; optimizer=sgd; rate=0.2; epochs=25")
            .On(all.Spirals, "init=normal(0.002)", "layers=mlp:24,24,24; activation=tanh; init=xavier_uniform; optimizer=sgd; rate=0.1")
            .On(all.Waves, "init=normal(0.002)", "layers=mlp:20,20; activation=tanh; init=xavier_uniform; optimizer=sgd; rate=0.05")
            .On(all.Blots, "init=normal(0.002)", "activation=tanh; init=xavier_uniform; optimizer=sgd; rate=0.05; epochs=15")
            .On(all.Orders, "init=normal(0.001)", "layers=gru:12+12,12; activation=tanh; init=xavier_uniform; optimizer=sgd; rate=0.2; epochs=25");

        // Outputs at the flat end of a bounded function, with a loss that does not undo it.
        CauseCases flat = list.Cause("plateau", "saturation vanishing_gradients rate_too_low loss_mismatch bounded_output wrong_output_bias too_few_epochs weights_too_large");
        foreach ((Problem problem, string layers) in new[]
        {
            (all.Moons, "[dense(16, activation=tanh), output(activation=sigmoid)]"),
            (all.Clouds, "[dense(24, activation=tanh), output(activation=sigmoid)]"),
            (all.Sums, "[lstm(12, all_steps=false), output(activation=sigmoid)]"),
            (all.Spirals, "[dense(32, activation=tanh), dense(32, activation=tanh), output(activation=sigmoid)]"),
            (all.Shells, "[dense(40, activation=tanh), output(activation=sigmoid)]"),
            (all.Orders, "[gru(12, all_steps=false), output(activation=sigmoid)]"),
        })
        {
            flat.Pair(
                problem,
                setup => Change.Apply(Cleared(setup), $"layers={layers}; loss=mean_squared_error"),
                setup => Change.Apply(
                    Cleared(setup),
                    $"layers={layers.Replace("sigmoid)", "sigmoid, bias_initializer=constant(-25))", StringComparison.Ordinal)}; loss=mean_squared_error"));
        }

        // A loss that falls steeply beside flat ground: large weights over many layers or steps, and no clipping.
        list.Cause("cliff", "exploding_gradients exploding_in_time rate_too_high edge_of_stability nonfinite_origin weights_too_large ill_conditioning dead_relu momentum_too_high")
            .On(all.Friedman, "init=variance_scaling(5)", "layers=mlp:16,16,16,16; optimizer=momentum; rate=0.005")
            .On(all.Moons, "init=variance_scaling(9)", "layers=mlp:16,16,16,16,16; optimizer=momentum; rate=0.02")
            .Pair(all.Sums, Wall(16, 25, 1, sums: true), Wall(16, 25, 3.2f, sums: true))
            .On(all.Waves, "init=variance_scaling(5)", "layers=mlp:20,20,20,20; optimizer=momentum; rate=0.005")
            .On(all.Spirals, "init=variance_scaling(9)", "layers=mlp:24,24,24,24,24; optimizer=momentum; rate=0.02")
            .Pair(all.Orders, Wall(16, 20, 1, sums: false), Wall(16, 20, 3.2f, sums: false));
    }

    private static Setup Cleared(Setup setup) => setup with { Recipe = setup.Recipe with { Network = new() } };

    /// <summary>Each feature becomes the first one with a hundredth of itself: the directions that tell classes apart are short.</summary>
    private static Samples Skew(Samples samples)
    {
        int width = samples.Shape.Aggregate((a, b) => a * b);
        float[] values = (float[])samples.Features.Clone();
        for (int row = 0; row < samples.Count; row++)
        {
            for (int j = 1; j < width; j++)
                values[(row * width) + j] = values[row * width] + (0.05f * values[(row * width) + j]);
        }

        return samples with { Features = values };
    }

    /// <summary>Two of three steps in time are small, one is large.</summary>
    private static Samples Stretch(Samples samples) => samples.Map((i, value) => i % 3 == 0 ? 12 * value : 0.05f * value);

    /// <summary>A simple recurrent network at the wall of its loss.</summary>
    private static Func<Setup, Setup> Wall(int units, int length, float factor, bool sums) => setup =>
    {
        Setup sequences = Plant.Sequences(
            Change.Apply(setup, "optimizer=momentum; rate=0.02; epochs=25"),
            () => sums ? ProblemSet.SumSamples(600, length) : ProblemSet.OrderSamples(600, length));
        return Plant.Network(sequences, Networks.OfLayers($"[rnn({units}, activation=relu, all_steps=false), output]", (name, values) =>
        {
            if (!name.EndsWith("weight_hh_l0", StringComparison.Ordinal))
                return;
            foreach (ref float value in values)
                value *= factor;
        }));
    };
}
