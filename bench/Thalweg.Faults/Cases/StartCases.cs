namespace Thalweg.Faults;

/// <summary>Faults of the starting weights.</summary>
internal static class StartCases
{
    public static void Add(CaseList list)
    {
        ProblemSet all = list.Problems;
        list.Cause("symmetric_start", "saddle plateau too_few_units weights_too_small vanishing_gradients dead_relu")
            .On(all.Moons, "init=constant(0.1)").On(all.Bars, "init=constant(0.1)").On(all.Sums, "init=zeros").On(all.Digits, "init=constant(0.1)")
            .On(all.Spirals, "init=constant(0.1)").On(all.Blots, "init=constant(0.1)").On(all.Orders, "init=zeros").On(all.Mnist, "init=constant(0.1)")
            .On(all.Friedman, "init=zeros", "activation=tanh; init=xavier_uniform")
            .On(all.Waves, "init=constant(0.02)", "activation=tanh; init=xavier_uniform");

        list.Cause("weights_too_large", "saturation exploding_gradients vanishing_gradients dead_relu ill_conditioning overconfidence overfitting cliff rate_too_low plateau edge_of_stability exploding_in_time")
            .On(all.Moons, "init=normal(3)").On(all.Bars, "init=normal(3)").On(all.Digits, "init=normal(3)")
            .Pair(all.Sums, Scaled("[lstm(12, all_steps=false), output]", 1), Scaled("[lstm(12, all_steps=false), output]", 40))
            .On(all.Spirals, "init=normal(3)").On(all.Blots, "init=normal(3)").On(all.Mnist, "init=normal(3)")
            .Pair(all.Orders, Scaled("[gru(12, all_steps=false), output]", 1), Scaled("[gru(12, all_steps=false), output]", 40))
            .On(all.Clouds, "init=normal(4)", "activation=tanh; init=xavier_uniform")
            .On(all.Waves, "init=normal(3)", "activation=tanh; init=xavier_uniform");

        list.Cause("weights_too_small", "vanishing_gradients plateau saddle symmetric_start rate_too_low too_few_epochs")
            .On(all.Moons, "init=normal(0.0005)", "layers=mlp:16,16,16; optimizer=momentum; rate=0.05")
            .On(all.Bars, "init=normal(0.001)", "optimizer=momentum; rate=0.05")
            .On(all.Sums, "init=normal(0.0005)", "layers=lstm:12+16,16; optimizer=momentum; rate=0.1")
            .On(all.Digits, "init=normal(0.001)", "optimizer=momentum; rate=0.05")
            .On(all.Spirals, "init=normal(0.0005)", "layers=mlp:32,32,32; optimizer=momentum; rate=0.05")
            .On(all.Blots, "init=normal(0.001)", "optimizer=momentum; rate=0.05")
            .On(all.Orders, "init=normal(0.0005)", "layers=gru:12+12,12; optimizer=momentum; rate=0.1")
            .On(all.Mnist, "init=normal(0.001)", "optimizer=momentum; rate=0.05");

        list.Cause("saturation", "vanishing_gradients plateau weights_too_large symmetric_start rate_too_low dead_relu too_few_units")
            .On(all.Moons, "bias=constant(7)", "activation=tanh; init=xavier_uniform; optimizer=momentum; rate=0.05")
            .On(all.Bars, "bias=constant(6)", "activation=tanh; init=xavier_uniform")
            .On(all.Sums, "bias=constant(8)", "activation=tanh; init=xavier_uniform; optimizer=momentum; rate=0.1")
            .On(all.Digits, "bias=constant(6)", "activation=tanh; init=xavier_uniform")
            .On(all.Spirals, "bias=constant(6)", "activation=tanh; init=xavier_uniform")
            .On(all.Blots, "bias=constant(6)", "activation=tanh; init=xavier_uniform")
            .On(all.Orders, "bias=constant(8)", "activation=tanh; init=xavier_uniform; optimizer=momentum; rate=0.1")
            .On(all.Mnist, "bias=constant(6)", "activation=tanh; init=xavier_uniform");

        list.Cause("dead_relu", "vanishing_gradients plateau too_few_units saturation symmetric_start weights_too_small")
            .Everywhere("bias=constant(-8)")
            .On(all.Friedman, "bias=constant(-6)")
            .On(all.Waves, "bias=constant(-6)");

        // A start of the output far from what the targets say, which only many steps make up for.
        list.Cause("wrong_output_bias", "rate_too_low too_few_epochs plateau saturation overconfidence exploding_gradients unscaled_inputs loss_mismatch")
            .On(all.Clouds, Shifted("[dense(24, activation=relu), output]", 30), "optimizer=sgd; rate=0.02")
            .On(all.Friedman, Shifted("[dense(32, activation=relu), dense(32, activation=relu), output]", 40), "rate=0.002; epochs=20")
            .On(all.Sums, Shifted("[lstm(12, all_steps=false), output]", 40), "rate=0.005; epochs=8")
            .On(all.Shells, Shifted("[dense(40, activation=relu), output]", 30), "rate=0.003; epochs=10")
            .On(all.Waves, Shifted("[dense(40, activation=relu), dense(24, activation=relu), output]", 40), "rate=0.002; epochs=20")
            .On(all.Orders, Shifted("[gru(12, all_steps=false), output]", 60), "rate=0.006; epochs=8");
    }

    /// <summary>A list of layers whose recurrent weights are scaled.</summary>
    private static Func<Setup, Setup> Scaled(string layers, float factor) => setup => Plant.Network(setup, Networks.OfLayers(layers, (name, values) =>
    {
        if (!name.Contains("weight_", StringComparison.Ordinal))
            return;
        foreach (ref float value in values)
            value *= factor;
    }));

    /// <summary>A list of layers whose first output starts with a bias.</summary>
    private static Func<Setup, Setup> Shifted(string layers, float shift)
    {
        int last = layers.Contains("relu), dense", StringComparison.Ordinal) ? 2 : 1;
        return setup => Plant.Network(setup, Networks.OfLayers(layers, (name, values) =>
        {
            if (name == $"{last}.bias")
                values[0] = shift;
        }));
    }
}
