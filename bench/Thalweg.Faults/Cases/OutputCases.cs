namespace Thalweg.Faults;

/// <summary>Outputs and losses that do not fit each other.</summary>
internal static class OutputCases
{
    public static void Add(CaseList list)
    {
        ProblemSet all = list.Problems;
        list.Cause("softmax_twice", "rate_too_low plateau bounded_output loss_mismatch too_few_epochs", Symptom.Loss)
            .Everywhere("output=softmax")
            .On(all.Clouds, "output=softmax")
            .On(all.Shells, "output=softmax");

        list.Cause("softmax_missing", "loss_mismatch exploding_gradients rate_too_high weights_too_large overconfidence edge_of_stability dead_relu", Symptom.Loss)
            .Against(all.Moons, "loss=negative_log_likelihood", "loss=negative_log_likelihood; output=log_softmax")
            .Against(all.Bars, "loss=negative_log_likelihood", "loss=negative_log_likelihood; output=log_softmax")
            .Against(all.Sums, "loss=negative_log_likelihood", "loss=negative_log_likelihood; output=log_softmax")
            .Against(all.Digits, "loss=negative_log_likelihood", "loss=negative_log_likelihood; output=log_softmax")
            .Against(all.Spirals, "loss=negative_log_likelihood", "loss=negative_log_likelihood; output=log_softmax")
            .Against(all.Blots, "loss=negative_log_likelihood", "loss=negative_log_likelihood; output=log_softmax")
            .Against(all.Orders, "loss=negative_log_likelihood", "loss=negative_log_likelihood; output=log_softmax")
            .Against(all.Mnist, "loss=negative_log_likelihood", "loss=negative_log_likelihood; output=log_softmax");

        // A squashed output under a loss that squashes again, or one whose gradient dies where it is most wrong.
        list.Cause("loss_mismatch", "softmax_twice softmax_missing bounded_output plateau vanishing_gradients rate_too_low saturation too_few_epochs")
            .On(all.Moons, "loss=binary_cross_entropy; output=sigmoid", "epochs=8")
            .On(all.Clouds, "loss=absolute_error; output=sigmoid", "epochs=6")
            .On(all.Bars, "loss=absolute_error; output=sigmoid", "epochs=5")
            .On(all.Sums, "loss=binary_cross_entropy; output=sigmoid", "epochs=3")
            .On(all.Digits, "loss=absolute_error; output=sigmoid", "epochs=4")
            .On(all.Spirals, "loss=absolute_error; output=sigmoid", "epochs=25")
            .On(all.Shells, "loss=binary_cross_entropy; output=sigmoid", "epochs=5")
            .On(all.Blots, "loss=absolute_error; output=sigmoid", "epochs=5")
            .On(all.Orders, "loss=binary_cross_entropy; output=sigmoid", "epochs=4")
            .On(all.Mnist, "loss=absolute_error; output=sigmoid", "epochs=4");

        list.Cause("bounded_output", "loss_mismatch saturation dead_relu vanishing_gradients plateau wrong_output_bias")
            .On(all.Friedman, "output=tanh").On(all.Friedman, "output=sigmoid", "layers=mlp:16").On(all.Energy, "output=tanh")
            .Pair(all.Sums, setup => Numbered(setup, "layers=lstm:12; epochs=20", sums: true, bound: false), setup => Numbered(setup, "layers=lstm:12; epochs=20", sums: true, bound: true))
            .On(all.Waves, "output=sigmoid").On(all.Waves, "output=sigmoid", "layers=mlp:24; epochs=30")
            .On(all.Waves, "output=relu", "activation=tanh; init=xavier_uniform")
            .Pair(all.Orders, setup => Numbered(setup, "layers=gru:12; epochs=20", sums: false, bound: false), setup => Numbered(setup, "layers=gru:12; epochs=20", sums: false, bound: true));
    }

    /// <summary>Sequences with a number to learn, behind a sigmoid or not.</summary>
    private static Setup Numbered(Setup setup, string changes, bool sums, bool bound) => Plant.Sequences(
        Change.Apply(setup, bound ? $"{changes}; output=sigmoid" : changes),
        () => sums ? ProblemSet.Numbered(Draws.Sums(700, 10), 10, 1) : ProblemSet.Numbered(Draws.Orders(700, 10), 10, 3));
}
