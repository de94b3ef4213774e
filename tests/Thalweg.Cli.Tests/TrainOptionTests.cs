using System.Text.Json;
using Thalweg.Layers;
using Thalweg.Models;

namespace Thalweg.Cli.Tests;

/// <summary>What each option of training does, by its effect on the run.</summary>
public sealed partial class TrainOptionTests
{
    private static readonly string[][] s_options =
    [
        ["--samples", "300"], ["--model", "mlp:8"], ["--norm", "none"], ["--epochs", "3"], ["--patience", "0"], ["--keep", "last"],
        ["--optimizer", "sgd"], ["--lr", "0.05"], ["--schedule", "constant"],
    ];

    [Fact]
    public void A_full_batch_is_one_step_an_epoch()
    {
        using Shell shell = new();
        Answer full = Train(shell, "a", "--batch", "full");
        full.Lines[0].GetProperty("stepsPerEpoch").GetInt32().ShouldBe(1);
        full.Lines[0].GetProperty("mode").GetString().ShouldBe("fullBatch");
        full.Result.GetProperty("steps").GetInt64().ShouldBe(3);
        Train(shell, "b", "--batch", "240").Lines[0].GetProperty("mode").GetString().ShouldBe("fullBatch");
        Weights(shell, "b").ShouldBe(Weights(shell, "a"));
        TrainedModel.Load(shell.At("a/model.safetensors")).Provenance.CommandLine.ShouldContain(" --batch full");
        JsonElement single = Train(shell, "c", "--batch", "1", "--epochs", "1").Lines[0];
        single.GetProperty("stepsPerEpoch").GetInt32().ShouldBe(240);
        single.GetProperty("mode").GetString().ShouldBe("singleSample");
    }

    /// <summary>The first, second and fourth take no other rate, that of FTRL must not reach 0, the last two average instead.</summary>
    [Theory]
    [InlineData("asgd")]
    [InlineData("delta_bar_delta")]
    [InlineData("ftrl")]
    [InlineData("rprop")]
    [InlineData("schedule_free_sgd")]
    [InlineData("schedule_free_adamw")]
    public void Optimizers_that_need_no_schedule_get_none_unless_asked(string name)
    {
        using Shell shell = new();
        string[] options = ["train", "--data", "blobs", "--samples", "100", "--model", "linear", "--epochs", "2", "--batch", "full",
            "--json", "--optimizer", name];
        shell.Run([.. options, "--out", "own"]).Succeeded();
        shell.Run([.. options, "--out", "asked", "--schedule", "constant"]).Succeeded();
        Weights(shell, "own").ShouldBe(Weights(shell, "asked"));
    }

    [Fact]
    public void Single_samples_are_not_normalized_over_batches_unless_asked()
    {
        using Shell shell = new();
        string[] options = ["train", "--data", "blobs", "--samples", "60", "--model", "mlp:4", "--epochs", "1", "--batch", "1", "--json"];
        shell.Run([.. options, "--out", "a"]).Succeeded();
        shell.Refuses([.. options, "--norm", "batch", "--out", "b"], "2 or more samples", "larger batch");
    }

    [Fact]
    public void Pieces_of_a_batch_give_its_update()
    {
        using Shell shell = new();
        Train(shell, "whole", "--batch", "60");
        Train(shell, "pieces", "--batch", "60", "--micro-batch", "7").Lines[0].GetProperty("stepsPerEpoch").GetInt32().ShouldBe(4);
        Distance(shell, "whole", "pieces").ShouldBeInRange(float.Epsilon, 1e-5);
    }

    [Fact]
    public void A_smaller_last_batch_is_kept_or_dropped()
    {
        using Shell shell = new();
        Train(shell, "kept", "--batch", "50").Result.GetProperty("steps").GetInt64().ShouldBe(15);
        Train(shell, "dropped", "--batch", "50", "--last-batch", "dropped").Result.GetProperty("steps").GetInt64().ShouldBe(12);
    }

    [Fact]
    public void A_batch_may_grow_from_epoch_to_epoch()
    {
        using Shell shell = new();
        Answer grown = Train(shell, "a", "--batch-schedule", "growth(10, every=1)");
        grown.Lines[0].GetProperty("stepsPerEpoch").GetInt32().ShouldBe(24);
        grown.Result.GetProperty("steps").GetInt64().ShouldBe(24 + 12 + 6);
        shell.Refuses(["train", "--batch-schedule", "growht(10, every=1)"], "growht", "growth");
        shell.Refuses(["train", "--batch-schedule", "growth(10, every=1)", "--batch", "10"], "--batch-schedule", "leave one out");
    }

    [Fact]
    public void The_sum_of_gradients_takes_the_rate_of_the_mean_divided_by_the_samples()
    {
        using Shell shell = new();
        Train(shell, "mean", "--batch", "60");
        Train(shell, "sum", "--batch", "60", "--batch-gradient", "sum", "--lr", "0.00083333333333333333");
        Train(shell, "wrong", "--batch", "60", "--batch-gradient", "sum");
        Distance(shell, "mean", "sum").ShouldBeLessThan(1e-5);
        Distance(shell, "mean", "wrong").ShouldBeGreaterThan(1e-2);
    }

    [Fact]
    public void A_penalty_of_half_the_square_is_the_decay_of_plain_descent()
    {
        using Shell shell = new();
        Train(shell, "none");
        Train(shell, "penalty", "--regularize", "l2(0.1)");
        Train(shell, "whole", "--regularize", "l2(0.05, factor=whole)");
        Train(shell, "decay", "--decay", "0.1");
        Distance(shell, "penalty", "decay").ShouldBeLessThan(1e-5);
        Distance(shell, "whole", "decay").ShouldBeLessThan(1e-5);
        Distance(shell, "none", "decay").ShouldBeGreaterThan(1e-2);
        shell.Refuses(["train", "--regularize", "l3(0.1)"], "l3", "l2");
        shell.Refuses(["train", "--regularize", "mixup(0.2"], "','", "found the end");
    }

    [Fact]
    public void Regularizers_of_batches_change_the_run_and_repeat_with_the_seed()
    {
        using Shell shell = new();
        const string List = "mixup(0.2), input_noise(0.1), random_shift(2), label_smoothing(0.1)";
        Train(shell, "none");
        Train(shell, "a", "--regularize", List);
        Train(shell, "b", "--regularize", List, "--threads", "2");
        Weights(shell, "b").ShouldBe(Weights(shell, "a"));
        Distance(shell, "none", "a").ShouldBeGreaterThan(1e-4);
    }

    [Theory]
    [InlineData("absolute", "2", "earlyStopping", 2)]
    [InlineData("relative", "9", "earlyStopping", 2)]
    [InlineData("absolute", "0", "completed", 3)]
    public void An_improvement_that_is_too_small_does_not_count(string form, string delta, string reason, int epochs)
    {
        using Shell shell = new();
        JsonElement result = Train(shell, "a", "--delta", delta, "--delta-form", form, "--patience", "1").Result;
        result.GetProperty("reason").GetString().ShouldBe(reason);
        result.GetProperty("epochs").GetInt32().ShouldBe(epochs);
    }

    [Fact]
    public void Epochs_may_pass_between_two_evaluations()
    {
        using Shell shell = new();
        Answer answer = Train(shell, "a", "--epochs", "5", "--evaluate-every", "2");
        JsonElement[] epochs = [.. answer.Lines.Where(line => line.GetProperty("event").GetString() == "epoch")];
        epochs.Select(line => line.GetProperty("epoch").GetInt32()).ShouldBe([1, 2, 3, 4, 5]);
        epochs.Where(line => line.TryGetProperty("validation", out _)).Select(line => line.GetProperty("epoch").GetInt32())
            .ShouldBe([2, 4, 5]);
        answer.Result.GetProperty("epochs").GetInt32().ShouldBe(5);
        answer.Result.GetProperty("best").GetProperty("epoch").GetInt32().ShouldBeInRange(2, 5);
    }

    [Fact]
    public void The_loss_of_an_epoch_is_a_mean_over_samples_or_over_batches()
    {
        using Shell shell = new();
        double bySamples = FirstLoss(Train(shell, "a", "--batch", "100"));
        double byBatches = FirstLoss(Train(shell, "b", "--batch", "100", "--epoch-loss", "batches"));
        Weights(shell, "b").ShouldBe(Weights(shell, "a"));

        // The last batch of 40 samples, whose loss is the lowest, weighs a third instead of a sixth.
        byBatches.ShouldBeLessThan(bySamples);
        byBatches.ShouldBe(bySamples, 0.1 * bySamples);
    }

    [Fact]
    public void The_weights_of_the_best_epoch_or_the_last_are_kept()
    {
        using Shell shell = new();
        // No accuracy exceeds the first one by 2: the first epoch stays the best.
        JsonElement last = Train(shell, "last", "--delta", "2").Result;
        last.GetProperty("best").GetProperty("epoch").GetInt32().ShouldBe(1);
        last.GetProperty("kept").GetProperty("epoch").GetInt32().ShouldBe(last.GetProperty("epochs").GetInt32());
        double metric = last.GetProperty("kept").GetProperty("validation").GetProperty("accuracy").GetDouble();
        TrainedModel.Load(shell.At("last/model.safetensors")).Provenance.Metrics["validation accuracy"].ShouldBe(metric);
        Train(shell, "best", "--delta", "2", "--keep", "best");
        Distance(shell, "last", "best").ShouldBeGreaterThan(1e-3);
        Train(shell, "short", "--epochs", "1");
        Weights(shell, "short").ShouldBe(Weights(shell, "best"));
    }

    [Theory]
    [InlineData("clip_by_global_norm(0.5", "--clip", "0.5")]
    [InlineData("add_decayed_weights(0.02", "--decay", "0.02")]
    [InlineData("linear(0.05, 15, warmup=3", "--batch", "50", "--schedule", "linear", "--warmup", "0.2")]
    [InlineData("cosine(0.05, 15, warmup=7", "--batch", "50", "--schedule", "cosine", "--warmup", "7")]
    [InlineData("freeze(1.*), scale", "--freeze", "1.*")]
    public void Options_around_the_optimizer_are_part_of_its_chain(string part, params string[] options)
    {
        using Shell shell = new();
        Train(shell, "a", options).Lines[0].GetProperty("optimizer").GetString()!.ShouldContain(part);
    }

    [Fact]
    public void The_element_type_is_that_of_the_option()
    {
        using Shell shell = new();
        Train(shell, "a", "--precision", "float64");
        Network(shell, "a").NamedParameters().ShouldAllBe(p => p.Parameter.Value.DType == DType.Float64);
    }

    [Fact]
    public void A_minimizer_trains_on_full_batches_and_says_how_it_ended()
    {
        using Shell shell = new();
        string[] train = ["train", "--samples", "300", "--model", "mlp:8", "--norm", "none", "--epochs", "3", "--json", "--optimizer"];
        Answer lbfgs = shell.Run([.. train, "lbfgs(memory=5)", "--out", "a"]).Succeeded();
        lbfgs.Lines[0].GetProperty("optimizer").GetString()!.ShouldStartWith("lbfgs(memory=5");
        lbfgs.Lines[0].GetProperty("stepsPerEpoch").GetInt32().ShouldBe(1);
        FirstLoss(lbfgs).ShouldBeGreaterThan(2);
        lbfgs.Result.GetProperty("steps").GetInt64().ShouldBe(3);
        LossOf(lbfgs.Lines[^2]).ShouldBeLessThan(0.3);
        Answer newton = shell.Run([.. train, "newton_cg(curvature=gauss_newton)", "--batch", "full", "--out", "b"]).Succeeded();
        LossOf(newton.Lines[^2]).ShouldBeLessThan(0.5);
    }

    [Theory]
    [InlineData("full batches", "--batch", "50")]
    [InlineData("--lr: lbfgs has no such setting", "--lr", "0.1")]
    [InlineData("--clip: lbfgs has no such setting", "--clip", "1")]
    [InlineData("--freeze: lbfgs moves all parameters", "--freeze", "1.*")]
    public void What_a_minimizer_cannot_do_is_refused(string message, params string[] options)
    {
        using Shell shell = new();
        shell.Refuses(["train", "--samples", "300", "--optimizer", "lbfgs", .. options], message);
    }

    private static Answer Train(Shell shell, string run, params string[] options)
    {
        IEnumerable<string> others = s_options.Where(option => !options.Contains(option[0])).SelectMany(option => option);
        return shell.Run(["train", .. others, .. options, "--out", run, "--json"]).Succeeded();
    }

    private static double FirstLoss(Answer answer) => LossOf(answer.Lines[1]);

    private static double LossOf(JsonElement epoch) => epoch.GetProperty("training").GetProperty("loss").GetDouble();

    private static Module Network(Shell shell, string run) => TrainedModel.Load(shell.At($"{run}/model.safetensors")).Module;

    private static float[] Weights(Shell shell, string run) => [.. Network(shell, run).NamedParameters()
        .SelectMany(p => p.Parameter.Value.AsSpan<float>().ToArray())];

    /// <summary>The largest difference of two runs' weights.</summary>
    private static double Distance(Shell shell, string one, string other) =>
        Weights(shell, one).Zip(Weights(shell, other), (a, b) => Math.Abs((double)a - b)).Max();
}
