using Thalweg.Layers;
using Thalweg.Optimizers;
using Thalweg.Rules;
using Thalweg.Training;

namespace Thalweg.Tests.Rules;

/// <summary>Published forms by name: each gives another formula and other weights than the others of its row, and
/// equal forms convert.</summary>
public sealed class VariantTests
{
    public static TheoryData<string> Rows =>
    [
        "momentum(linear(0.1, steps=9)) | momentum(linear(0.1, steps=9), rate_inside=true) | momentum(form=averaged) | " +
        "momentum(form=averaged, debias=true)",
        "momentum | momentum(dampening=0.5) | momentum(dampening=0.5, dampen_first=true)",
        "nesterov | nesterov(form=look_ahead)",
        "adagrad | adagrad(start=0.1) | adagrad(rate_decay=0.1) | adagrad(epsilon=0.01)",
        "adadelta | adadelta(0.001, rho=0.95, epsilon=1e-7)",
        "rmsprop | rmsprop(centered=true) | rmsprop(mu=0.9) | rmsprop(start=1) | rmsprop(alpha=0.999)",
        "adam | adam(form=folded, epsilon=1e-4) | adam(b2=0.9999)",
        "adam(b2=0.5) | adam(ams_grad=raw_maximum, b2=0.5) | adam(ams_grad=corrected_maximum, b2=0.5) | adam(ams_grad=uncorrected, b2=0.5)",
        "adam(decay=0.1) | adam(decay=0.1, decay_form=decoupled) | adam(decay=0.1, decay_form=decoupled_unscaled) | adam(decay=0.1, " +
        "decay_form=l1) | adam(decay=0.1, decay_scope=everything)",
        "nadam | nadam(momentum_decay=0.1)",
        "delta_bar_delta | gains",
    ];

    [Theory]
    [MemberData(nameof(Rows))]
    public void The_forms_of_a_row_are_distinguished(string row)
    {
        string[] forms = row.Split('|', StringSplitOptions.TrimEntries);
        forms.Select(form => ChainText.Parse(form).ToString()).ShouldBeUnique();
        forms.Select(Ends).ShouldBeUnique();
    }

    [Fact]
    public void Equal_forms_convert()
    {
        double[] averaged = Train(ChainText.Parse("momentum(0.1, form=averaged, mu=0.9)"));
        double[] summed = Train(new Momentum(Conversions.RateOfSummedMomentum(0.1, 0.9)) { Mu = 0.9 });
        for (int i = 0; i < averaged.Length; i++)
            summed[i].ShouldBe(averaged[i], 1e-12);
        new BatchNormOptions { Momentum = 0.99, MomentumVariant = BatchNormMomentum.Retained }.WeightOfNewBatch(1)
            .ShouldBe(Conversions.WeightOfNewBatch(0.99), 1e-15);
        Conversions.DropProbability(0.8).ShouldBe(0.2, 1e-15);
        Conversions.HalfPenaltyFactor(0.3).ShouldBe(0.6);
        Conversions.RateOfSum(0.5, 50).ShouldBe(0.01);
        double[] scaled = Train(ChainText.Parse("sgd(0.1, decay=0.2, decay_form=decoupled)"));
        double[] unscaled = Train(new Sgd(0.1) { Decay = Conversions.UnscaledDecay(0.2, 0.1), DecayForm = DecayForm.DecoupledUnscaled });
        for (int i = 0; i < scaled.Length; i++)
            unscaled[i].ShouldBe(scaled[i], 1e-12);
        Should.Throw<ThalwegException>(() => Conversions.DropProbability(0)).Message.ShouldContain("in [0, 1)");
    }

    private static string Ends(string text) => string.Join(' ', Train(ChainText.Parse(text)).Select(w => w.ToString("R")));

    private static double[] Train(Chain chain)
    {
        double[] weights = Flat.Weights<double>(24);
        OptimizerRun run = new(chain, Flat.Segments(24), DType.Float64);
        Tensor w = Tensor.Vector<double>(weights);
        for (int t = 1; t <= 8; t++)
        {
            Tensor gradient = Tensor.Zeros(w.Shape, DType.Float64);
            for (int evaluation = 0; evaluation < run.Needs.Gradients; evaluation++)
            {
                run.MoveTo(evaluation, w, gradient);
                for (int i = 0; i < 24; i++)
                    gradient.Write(i, (((i % 5) + 1) * w.Read(i)) + Math.Sin(t + i));
            }

            run.Step(w, gradient);
        }

        return w.ToArray<double>();
    }
}
