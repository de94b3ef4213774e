namespace Thalweg.Faults;

/// <summary>Networks that are too small, or not trained for long enough.</summary>
internal static class CapacityCases
{
    public static void Add(CaseList list)
    {
        ProblemSet all = list.Problems;
        list.Cause("too_few_units", "too_few_layers dead_relu plateau saddle rate_too_low")
            .On(all.Moons, "layers=mlp:1", "activation=tanh; init=xavier_uniform; epochs=40")
            .On(all.Friedman, "layers=mlp:1", "activation=tanh; init=xavier_uniform")
            .On(all.Bars, "layers=cnn:1,1+2")
            .On(all.Clouds, "layers=mlp:1", "activation=tanh; init=xavier_uniform")
            .On(all.Digits, "layers=cnn:1,1+3")
            .On(all.Spirals, "layers=mlp:3", "activation=tanh; init=xavier_uniform")
            .On(all.Waves, "layers=mlp:2", "activation=tanh; init=xavier_uniform")
            .On(all.Blots, "layers=cnn:1,1+2")
            .On(all.Orders, "layers=gru:1+1", "layers=gru:12")
            .On(all.Mnist, "layers=cnn:1,1+3");

        string linear = "layers=linear; activation=; init=xavier_uniform; norm=";
        list.Cause("too_few_layers", "too_few_units activation_missing overlapping_classes plateau")
            .On(all.Moons, linear).On(all.Friedman, linear).On(all.Moons.With("samples=1000; epochs=20"), linear)
            .On(all.Clouds.With($"source={ProblemSet.ShellsFile("shells-cal", 600, 0.1)}"), linear)
            .On(all.Spirals, linear).On(all.Shells, linear).On(all.Waves, linear).On(all.Blots, linear)
            .Pair(all.Orders, setup => setup, setup => Flat(setup));

        list.Cause("too_few_epochs", "rate_too_low batch_too_large early_stopping_too_early plateau")
            .Everywhere("epochs=1")
            .On(all.Friedman, "epochs=1")
            .On(all.Waves, "epochs=1");

        list.Cause("activation_missing", "too_few_layers too_few_units overlapping_classes plateau")
            .On(all.Moons, "activation=none; init=xavier_uniform")
            .On(all.Friedman, "activation=none; init=xavier_uniform")
            .On(all.Clouds, "activation=none; init=xavier_uniform", $"source={ProblemSet.ShellsFile("shells-cal", 600, 0.1)}")
            .On(all.Energy, "activation=none; init=xavier_uniform")
            .On(all.Spirals, "activation=none; init=xavier_uniform")
            .On(all.Shells, "activation=none; init=xavier_uniform")
            .On(all.Waves, "activation=none; init=xavier_uniform")
            .On(all.Waves.With("layers=mlp:64"), "activation=none; init=xavier_uniform");
    }

    /// <summary>A linear model of the flattened sequence, where the order matters by products.</summary>
    private static Setup Flat(Setup setup) => setup with
    {
        Recipe = Change.Apply(
            setup.Recipe with { Network = new() }, "layers=[flatten, output]"),
    };
}
