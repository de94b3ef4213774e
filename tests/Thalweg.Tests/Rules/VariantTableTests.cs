using Thalweg.Initializers;
using Thalweg.Layers;
using Thalweg.Minimizers;
using Thalweg.Optimizers;
using Thalweg.Regularizers;
using Thalweg.Rules;
using Thalweg.Schedules;
using Thalweg.Training;

namespace Thalweg.Tests.Rules;

/// <summary>
/// The table of published forms, row by row: what is left out is the stated default, and all other forms are accepted by name. That forms
/// give other numbers is told by the contract suites of rules, layers, initializers, regularizers, schedules and minimizers.
/// </summary>
public sealed class VariantTableTests
{
    /// <summary>The row, what is left to defaults, the same written out, and the other forms, separated by bars.</summary>
    public static TheoryData<int, string, string, string> Texts => new()
    {
        { 1, "momentum", "momentum(mu=0.9, form=sum, rate_inside=false)", "momentum(rate_inside=true) | momentum(form=averaged) | " +
            "momentum(form=averaged, debias=true)" },
        { 2, "momentum", "momentum(dampening=0)", "momentum(dampening=0.5) | momentum(dampening=0.5, dampen_first=true)" },
        { 3, "nesterov", "nesterov(form=rearranged)", "nesterov(form=look_ahead)" },
        { 4, "adagrad", "adagrad(epsilon=1e-10, epsilon_place=outside, start=0, rate_decay=0)",
            "adagrad(epsilon=1e-7) | adagrad(epsilon=1e-8) | adagrad(epsilon=1e-8, epsilon_place=inside) | adagrad(start=0.1) | " +
            "adagrad(rate_decay=0.01)" },
        { 5, "adadelta", "adadelta(1, rho=0.9, epsilon=1e-6)", "adadelta(0.001, rho=0.95, epsilon=1e-7)" },
        { 6, "rmsprop", "rmsprop(alpha=0.99, epsilon_place=outside, start=0, centered=false)",
            "rmsprop(epsilon_place=inside) | rmsprop(start=1) | rmsprop(centered=true) | rmsprop(alpha=0.999)" },
        { 7, "rmsprop(mu=0.9)", "rmsprop(mu=0.9, rate_inside=false, look_ahead=false)", "rmsprop(mu=0.9, rate_inside=true) | " +
            "rmsprop(mu=0.9, look_ahead=true)" },
        { 8, "adam", "adam(form=separate, epsilon=1e-8)", "adam(form=folded) | adam(epsilon=1e-7)" },
        { 8, "adam(form=folded)", "adam(form=folded, epsilon=1e-7)", "adam(form=folded, epsilon=1e-8)" },
        { 8, "scale_by_adam(form=folded)", "scale_by_adam(form=folded, epsilon=1e-7)", "scale_by_adam" },
        { 9, "adam", "adam(b2=0.999)", "adam(b2=0.9999)" },
        { 10, "adam", "adam(ams_grad=none)", "adam(ams_grad=raw_maximum) | adam(ams_grad=corrected_maximum) | adam(ams_grad=uncorrected)" },
        { 10, "amsgrad", "adam(ams_grad=raw_maximum)", "amsgrad(ams_grad=corrected_maximum)" },
        { 11, "nadam", "nadam(form=scheduled, momentum_decay=0.004)", "nadam(form=plain)" },
        { 12, "adam(decay=0.1)", "adam(decay=0.1, decay_form=l2)",
            "adam(decay=0.1, decay_form=decoupled) | adam(decay=0.1, decay_form=decoupled_unscaled) | adam(decay=0.1, decay_form=l1)" },
        { 14, "sgd(0.1, decay=0.1)", "sgd(0.1, decay=0.1, decay_scope=weights)", "sgd(0.1, decay=0.1, decay_scope=everything)" },
        { 15, "clip_by_global_norm(1)", "clip_by_global_norm(1, denominator=norm)", "clip_by_global_norm(1, " +
            "denominator=norm_plus_offset)" },
        { 16, "clip_by_global_norm(1)", "clip_by_global_norm(1, order=2)", "clip_each(1) | clip_by_value(1) | clip_by_unit(0.01)" },
        { 35, "ftrl", "ftrl(beta=1, rate_power=-0.5, start=0, shrinkage=0, from_weights=true)",
            "ftrl(from_weights=false) | ftrl(rate_power=-0.7) | ftrl(rate_power=0) | ftrl(start=0.1) | ftrl(shrinkage=0.01) | " +
            "ftrl(beta=0, start=0.1, from_weights=false)" },
        { 36, "adafactor", "adafactor(rate_form=given)", "adafactor(rate_form=relative) | adafactor(rate_form=relative_with_warmup)" },
        { 32, "delta_bar_delta", "delta_bar_delta(kappa=0.001, phi=0.2, theta=0.7)", "gains | gains(up=0.1)" },
    };

    [Theory]
    [MemberData(nameof(Texts))]
    public void Rules_have_the_default_of_their_row_and_its_other_forms(int row, string text, string writtenOut, string others)
    {
        Chain chain = ChainText.Parse(text);
        chain.ShouldBe(ChainText.Parse(writtenOut), $"row {row}");
        string[] forms =
            [chain.ToString(), .. others.Split('|', StringSplitOptions.TrimEntries).Select(other => ChainText.Parse(other).ToString())];
        forms.ShouldBeUnique($"row {row}");
        forms.ShouldAllBe(form => ChainText.Parse(form).ToString() == form);
    }

    [Fact]
    public void Row_8_refuses_the_printed_guard_without_epsilon_with_the_reason() =>
        Should.Throw<ThalwegException>(
            () => ChainText.Parse("adam(form=no_epsilon)")).Message.ShouldContain("which is 0/0 where no gradient has arrived");

    [Fact]
    public void An_epsilon_that_was_left_out_counts_as_its_default()
    {
        Settings.Parse<NamedOptimizer>("adam(form=folded)").ShouldBe(Settings.Parse<NamedOptimizer>("adam(form=folded, epsilon=1e-7)"));
        Settings.Parse<NamedOptimizer>("adam(form=folded)").ShouldNotBe(Settings.Parse<NamedOptimizer>("adam(form=folded, epsilon=1e-8)"));
        Settings.Parse<NamedOptimizer>("adam(form=folded)").GetHashCode()
            .ShouldBe(Settings.Parse<NamedOptimizer>("adam(form=folded, epsilon=1e-7)").GetHashCode());
        Settings.Parse<NamedOptimizer>("adam(epsilon=1e-3)").ShouldNotBe(Settings.Parse<NamedOptimizer>("adam"));
        (new ScaleByAdam
        {
            Form = AdamVariant.Folded,
            Epsilon = 1e-3
        } with
        { Form = AdamVariant.Separate }).Epsilon.ShouldBe((Hyperparameter)1e-3);
    }

    /// <summary>The row, what is left to defaults, the same written out, and the other forms, separated by semicolons.</summary>
    public static TheoryData<int, string, string, string> MinimizerTexts => new()
    {
        { 33, "lbfgs", "lbfgs(search=more_thuente, slope_share=0.9)", "lbfgs(search=strong_wolfe); lbfgs(search=backtracking); " +
            "lbfgs(search=none)" },
        { 34, "nonlinear_cg", "nonlinear_cg(form=polak_ribiere_plus, restart_every=0)",
            "nonlinear_cg(form=fletcher_reeves); nonlinear_cg(form=hestenes_stiefel); nonlinear_cg(form=dai_yuan); " +
            "nonlinear_cg(restart_every=2)" },
    };

    [Theory]
    [MemberData(nameof(MinimizerTexts))]
    public void Minimizers_have_the_default_of_their_row_and_its_other_forms(int row, string text, string writtenOut, string others)
    {
        Minimizer minimizer = Settings.Parse<Minimizer>(text);
        minimizer.ShouldBe(Settings.Parse<Minimizer>(writtenOut), $"row {row}");
        Minimizer[] forms = [minimizer, .. others.Split(';', StringSplitOptions.TrimEntries).Select(Settings.Parse<Minimizer>)];
        forms.ShouldBeUnique($"row {row}");

        // Rosenbrock's function of three pairs: each form goes a way of its own, and all that search end at the minimum.
        ObjectiveFunction function = ObjectiveFunction.Of((x, g) =>
        {
            double sum = 0;
            for (int i = 0; i < 6; i += 2)
            {
                double valley = x[i + 1] - (x[i] * x[i]);
                (g[i], g[i + 1]) = ((-2 * (1 - x[i])) - (400 * x[i] * valley), 200 * valley);
                sum += ((1 - x[i]) * (1 - x[i])) + (100 * valley * valley);
            }

            return sum;
        });
        double[] start = [-1.2, 1, -1.5, 3, 4, -2];
        forms.Select(form => string.Join(' ',
            ((LineMinimizer)form with { MaximumIterations = 40, SlopeShare = 0.1 }).Minimize(function, start).Point))
                .ShouldBeUnique($"row {row}");
        foreach (Minimizer form in forms.Where(form => form is not Lbfgs { Search.Name: "none" }))
        {
            (form with { MaximumIterations = 5000 }).Minimize(function, start).Point.ToArray()
                .ShouldBe([1, 1, 1, 1, 1, 1], 1e-6, form.ToString());
        }
    }

    [Fact]
    public void The_default_search_of_row_33_ends_where_both_strong_Wolfe_conditions_hold()
    {
        double[] start = [-1.2, 1], at = [0, 0];
        ObjectiveFunction function = ObjectiveFunction.Of((x, g) =>
        {
            (g[0], g[1]) = (4 * x[0] * x[0] * x[0], 20 * x[1]);
            return Math.Pow(x[0], 4) + (10 * x[1] * x[1]);
        });
        double[] slope = [4 * Math.Pow(-1.2, 3), 20];
        at = [.. (new Lbfgs() with { MaximumIterations = 1 }).Minimize(function, start).Point];
        double[] step = [at[0] - start[0], at[1] - start[1]], end = [4 * Math.Pow(at[0], 3), 20 * at[1]];
        double before = (slope[0] * step[0]) + (slope[1] * step[1]), after = (end[0] * step[0]) + (end[1] * step[1]);
        double fall = Math.Pow(start[0], 4) + 10 - Math.Pow(at[0], 4) - (10 * at[1] * at[1]);
        before.ShouldBeLessThan(0);
        fall.ShouldBeGreaterThanOrEqualTo(-1e-4 * before);
        Math.Abs(after).ShouldBeLessThanOrEqualTo(-0.9 * before);
    }

    [Fact]
    public void Row_13_has_half_the_square_by_default_and_the_whole_by_name()
    {
        Settings.ParseAll<Regularizer>("l2(0.1)").ShouldBe(Settings.ParseAll<Regularizer>("l2(0.1, factor=half)"));
        Settings.ParseAll<Regularizer>("l2(0.1)")[0].Formula.ShouldBe("loss + (lambda/2) |w|^2");
        Settings.ParseAll<Regularizer>("l2(0.1, factor=whole)")[0].Formula.ShouldBe("loss + lambda |w|^2");
        Conversions.HalfPenaltyFactor(0.1).ShouldBe(0.2, "lambda |w|^2 is (2 lambda / 2) |w|^2");
    }

    [Fact]
    public void Rows_17_to_20_have_their_defaults_in_the_settings_of_batch_normalization()
    {
        BatchNormOptions options = new();
        options.ShouldBe(new BatchNormOptions
        {
            Momentum = 0.1,
            MomentumVariant = BatchNormMomentum.NewBatch,
            Variance = RunningVariance.Unbiased,
            Population = PopulationStatistics.MovingAverage,
            Epsilon = 1e-5,
        });
        (options with { Momentum = 0.9, MomentumVariant = BatchNormMomentum.Retained }).WeightOfNewBatch(7).ShouldBe(0.1, 1e-15);
        (options with { Momentum = 0.99, MomentumVariant = BatchNormMomentum.Retained }).WeightOfNewBatch(7).ShouldBe(0.01, 1e-15);
        BatchNormOptions[] others =
        [
            options with { Variance = RunningVariance.Biased }, options with { Population = PopulationStatistics.Exact },
            options with { Epsilon = 1e-3 }, options with { Epsilon = 1e-6 },
        ];
        foreach (BatchNormOptions other in others)
        {
            LayerRegistry.Build(new BatchNorm1d(3, other).Describe()).Describe().ToJsonString()
                .ShouldBe(new BatchNorm1d(3, other).Describe().ToJsonString());
        }
    }

    /// <summary>The row, a name with defaults, the same written out, and other forms.</summary>
    public static TheoryData<int, string, string, string> InitializerTexts => new()
    {
        { 22, "xavier", "xavier_uniform(1, fan_average)", "xavier_normal; xavier_normal(1, fan_in); xavier_truncated" },
        { 23, "he", "he_normal(0, fan_in)", "he_normal(0, fan_out); he_uniform; he_truncated; he_normal(0.1)" },
        { 24, "fan_in_uniform", "fan_in_uniform(0)", "lecun_uniform" },
        { 25, "orthogonal", "orthogonal(1, true)", "orthogonal(1, false); orthogonal(1.4142135623730951)" },
        { 26, "sparse", "sparse(15, 1)", "sparse_fraction(0.9); sparse(10)" },
    };

    [Theory]
    [MemberData(nameof(InitializerTexts))]
    public void Initializers_have_the_default_of_their_row_and_its_other_forms(int row, string text, string writtenOut, string others)
    {
        Initializer initializer = Settings.Parse<Initializer>(text);
        initializer.ShouldBe(Settings.Parse<Initializer>(writtenOut), $"row {row}");
        string[] forms = [initializer.ToString()!,
            .. others.Split(';', StringSplitOptions.TrimEntries).Select(other => Settings.Parse<Initializer>(other).ToString()!)];
        forms.ShouldBeUnique($"row {row}");
        forms.Select(form => string.Join(' ', new Dense(40, 20, initializer: Settings.Parse<Initializer>(form)).Initialize(1)
            .NamedParameters().First().Parameter.Value.ToArray<float>())).ShouldBeUnique($"row {row}");
    }

    [Fact]
    public void Row_24_lets_the_start_of_a_dense_layer_follow_its_activation()
    {
        Start(Activation.Relu).ShouldBe("he_normal");
        Start(Activation.Tanh).ShouldBe("xavier_uniform");
        Start(Activation.Sigmoid).ShouldBe("xavier_uniform");
        Start(Activation.None).ShouldBe("xavier_uniform");
        static string Start(Activation activation) => new Dense(3, 2, activation).Weight.Initializer.ToString()!.Split('(')[0];
    }

    [Fact]
    public void Row_27_scales_in_training_by_default_and_at_evaluation_by_name()
    {
        new Dropout(0.2).Scaling.ShouldBe(DropoutScaling.Inverted);
        Tensor x = Tensor.Full([1000], 3);
        float[] inverted = Output(new Dropout(0.2), isTraining: true),
            plain = Output(new Dropout(0.2, DropoutScaling.AtEvaluation), isTraining: true);
        inverted.Distinct().Order().ShouldBe([0, 3.75f]);
        plain.Zip(inverted).ShouldAllBe(pair => Math.Abs(pair.First - (0.8f * pair.Second)) < 1e-6f);
        Output(new Dropout(0.2), isTraining: false).ShouldAllBe(value => value == 3);
        Output(new Dropout(0.2, DropoutScaling.AtEvaluation), isTraining: false).ShouldAllBe(value => Math.Abs(value - 2.4f) < 1e-6f);
        Module read = LayerRegistry.Build(new Dropout(0.2, DropoutScaling.AtEvaluation).Describe());
        read.ShouldBeOfType<Dropout>().Scaling.ShouldBe(DropoutScaling.AtEvaluation);

        float[] Output(Module layer, bool isTraining)
        {
            layer.Initialize(4);
            layer.SetTraining(isTraining);
            return layer.Forward(x).ToArray<float>();
        }
    }

    [Fact]
    public void Row_28_reads_a_schedule_before_the_update_from_step_0()
    {
        Schedule schedule = Settings.Parse<Schedule>("linear(1, steps=4)");
        Enumerable.Range(0, 5).Select(t => schedule.At(t)).ShouldBe([1, 0.75, 0.5, 0.25, 0]);
        double[] w = [0];
        Optimizers.OptimizerRun run = new(
            ChainText.Parse("sgd(linear(1, steps=4))"), Optimizers.ParameterSegments.Single(1), DType.Float64);
        run.Step<double>(w, [-1]);
        run.Step<double>(w, [-1]);
        w[0].ShouldBe(1.75);
    }

    [Fact]
    public void Rows_29_to_31_have_their_defaults_in_the_options_of_the_trainer()
    {
        TrainerOptions options = new();
        options.RestoreBest.ShouldBeTrue();
        options.MinDelta.ShouldBe(new MinDelta { Delta = 0, Form = MinDeltaMode.Absolute, IsStrict = true });
        options.EvaluateEvery.ShouldBe(1);
        options.EpochLoss.ShouldBe(EpochLossAverage.MeanOverSamples);
        options.LastBatch.ShouldBe(LastBatch.Kept);
        options.BatchGradient.ShouldBe(BatchGradient.Mean);
        Holds(new MinDelta(), 0.5).ShouldBeFalse("strict");
        Holds(new MinDelta { IsStrict = false }, 0.5).ShouldBeTrue();
        Holds(new MinDelta { Delta = 0.2 }, 0.65).ShouldBeFalse("0.15 in the metric's unit is less than 0.2");
        Holds(new MinDelta { Delta = 0.2, Form = MinDeltaMode.Relative }, 0.65).ShouldBeTrue("0.15 is 30 % of 0.5");
        static bool Holds(MinDelta improvement, double metric)
        {
            EarlyStopping stopping = new(1, improvement);
            stopping.Observe(0, 0.5);
            return stopping.Observe(1, metric);
        }
    }
}
