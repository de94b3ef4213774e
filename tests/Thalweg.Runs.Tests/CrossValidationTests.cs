using System.Text.Json;
using Thalweg.Data;
using Thalweg.Metrics;
using Thalweg.Models;
using Thalweg.Training;

namespace Thalweg.Runs.Tests;

/// <summary>Folds, refits, limits and reports of runs.</summary>
public sealed class CrossValidationTests
{
    [Fact]
    public void Each_fold_is_a_run_that_can_be_replayed_and_the_test_rows_stay_closed()
    {
        using TemporaryFolder temporary = new();
        Recipe recipe = temporary.Recipe(epochs: 3).With("data.split.folds", 3).With("data.split.repeats", 2);
        CrossValidationResult result = CrossValidation.Start(recipe, new RunOptions { Folder = temporary.At("cv") });
        result.Folds.Select(fold => (fold.Repeat, fold.Fold)).ShouldBe([(1, 1), (1, 2), (1, 3), (2, 1), (2, 2), (2, 3)]);
        result.Folds.ShouldAllBe(fold => fold.ValidationSamples == 60 && fold.TrainingSamples == 120);
        foreach (FoldResult fold in result.Folds)
        {
            fold.Record.OpensTest.ShouldBeFalse();
            fold.Record.Test.ShouldBeNull();
            RunRecord.Load(fold.Folder.Location).ValidationReport!.Find("accuracy")!.Value.ShouldBe(fold.Kept!.Validation.Accuracy, 1e-12);
        }

        // Mean, deviation and interval as they are defined.
        FoldMetric accuracy = result.Metrics.Single(metric => metric.Name == "accuracy");
        double[] each = [.. result.Folds.Select(fold => fold.Kept!.Validation.Accuracy)];
        double variance = each.Sum(value => Math.Pow(value - each.Average(), 2)) / 5;
        accuracy.Mean.ShouldBe(each.Average(), 1e-12);
        accuracy.Deviation.ShouldBe(Math.Sqrt(variance), 1e-12);
        const double Quantile = 2.570581835636314;
        (accuracy.Interval!.High - accuracy.Mean).ShouldBe(Quantile * Math.Sqrt(((1 / 6.0) + 0.5) * variance), 1e-12);

        using JsonDocument file = JsonDocument.Parse(File.ReadAllText(temporary.At("cv/cross-validation.json")));
        file.RootElement.GetProperty("folds").GetArrayLength().ShouldBe(6);
        RunResult again = Run.Start(Recipe.Load(temporary.At("cv/repeat-2-fold-3/recipe.yaml")), new RunOptions { Folder = temporary.At("again") });
        File.ReadAllBytes(again.Folder.ModelPath).Length.ShouldBe(File.ReadAllBytes(result.Folds[^1].Folder.ModelPath).Length);
        again.Kept!.Validation.ShouldBe(result.Folds[^1].Kept!.Validation);
    }

    [Fact]
    public void A_refit_trains_on_all_rows_but_the_test_rows_for_the_chosen_epochs()
    {
        using TemporaryFolder temporary = new();
        Recipe recipe = temporary.Recipe(epochs: 4);
        Run run = Run.Create(recipe, new RunOptions { Folder = temporary.At("run") });
        RunResult result = run.Execute();
        Run refit = Refit.Create(run.Plan.Recipe, result);
        refit.Plan.Split.Training.Data.Count.ShouldBe(180);
        refit.Plan.Split.Validation.Data.Count.ShouldBe(0);
        refit.Plan.Split.Test!.SourceRows.ToArray().ShouldBe(run.Plan.Split.Test!.SourceRows.ToArray());
        RunResult all = refit.Execute();
        all.EpochCount.ShouldBe(result.Kept!.Epoch + 1);
        all.Folder.Location.ShouldBe(Path.Combine(temporary.At("run"), "refit"));
        all.ValidationReport.ShouldBeNull();
        all.Kept!.IsEvaluated.ShouldBeFalse();

        CrossValidationResult folds = CrossValidation.Start(
            recipe.With("data.split.folds", 2), new RunOptions { Folder = temporary.At("cv") });
        Run last = Refit.Create(folds);
        last.Plan.Recipe.Training.Epochs.ShouldBe(folds.ChosenEpochs);
        last.Plan.Split.Training.Data.Count.ShouldBe(180);
    }

    [Fact]
    public void Grouped_runs_keep_their_test_groups_in_the_refit()
    {
        using TemporaryFolder temporary = new();
        string[] lines = Samples.Classes(200).TrimEnd('\n').Split('\n');
        File.WriteAllLines(temporary.At("grouped.csv"), lines.Select((line, i) => i == 0 ? "who," + line : $"p{i * i % 23},{line}"));
        Recipe recipe = temporary.Recipe().With("data.source", temporary.At("grouped.csv")).With("data.split.group", "who");
        int[] test = TestRows(recipe);
        TestRows(Refit.RecipeOf(recipe, 3)).ShouldBe(test);
        TestRows(recipe.With("data.split.folds", 3)).ShouldBe(test);

        static int[] TestRows(Recipe recipe) => recipe.OpenData().Split.Test!.SourceRows.ToArray();
    }

    [Fact]
    public void Limits_and_samplers_come_from_the_recipe()
    {
        using TemporaryFolder temporary = new();
        Recipe recipe = temporary.Recipe(epochs: 4).With("training.max_steps", 7).With("training.sampler", "balanced");
        RunResult result = Run.Start(recipe, new RunOptions { Folder = temporary.At("run") });
        (result.Reason, result.Steps).ShouldBe((EndReason.StepLimit, 7));
        RunRecord.Load(temporary.At("run")).Status.ShouldBe("finished");
        Should.Throw<ThalwegException>(() => Run.Resume(temporary.At("run"))).Message.ShouldContain("training.max_steps 7");

        // The schedule spans the steps that there are.
        result.Epochs[^1].LearningRate.ShouldBeLessThan(result.Epochs[0].LearningRate);
        PreparedRecipe prepared = recipe.With("training.max_time", "1.5min").Prepare();
        prepared.Options.MaxTime.ShouldBe(TimeSpan.FromSeconds(90));
        prepared.Options.Sampler.ShouldBe(new BalancedSampler());
        prepared.Trainer.TotalSteps.ShouldBe(7);
    }

    [Theory]
    [InlineData("training.max_time", "10 minutes", "90s, 10min or 2h")]
    [InlineData("training.max_time", "0s", "90s, 10min or 2h")]
    [InlineData("training.sampler", "balansed", "did you mean balanced")]
    [InlineData("data.split.fold", "2", "data.split.folds")]
    [InlineData("data.split.validation", "0.7", "data.split.validation: expected a share")]
    [InlineData("data.split.gap", "3", "column of the time")]
    [InlineData("data.split.group", "colour", "color")]
    [InlineData("data.split.folds", "4", "data.split.fold")]
    public void What_does_not_fit_is_refused_before_anything_is_written(string path, string value, string message)
    {
        using TemporaryFolder temporary = new();
        Recipe recipe = temporary.Recipe().With(path, value);
        Should.Throw<ThalwegException>(() => Run.Start(recipe, new RunOptions { Folder = temporary.At("run") })).Message.ShouldContain(message);
        Directory.Exists(temporary.At("run")).ShouldBeFalse();
    }

    [Fact]
    public void Cross_validation_refuses_test_data_and_single_folds()
    {
        using TemporaryFolder temporary = new();
        Recipe recipe = temporary.Recipe().With("data.split.folds", 3);
        Should.Throw<ThalwegException>(() => CrossValidation.Start(recipe, new RunOptions { OpensTest = true })).Message.ShouldContain("closed");
        Should.Throw<ThalwegException>(() => CrossValidation.Start(recipe.With("data.split.fold", 1))).Message.ShouldContain("all folds");
        using CancellationTokenSource source = new();
        source.Cancel();
        CrossValidationResult none = CrossValidation.Start(
            recipe, new RunOptions { Folder = temporary.At("cv") }, cancellation: source.Token);
        (none.Folds.Count, none.Planned).ShouldBe((0, 3));
        Should.Throw<ThalwegException>(() => Refit.Create(none)).Message.ShouldContain("got none");
    }

    [Fact]
    public void A_cross_validation_that_was_stopped_in_a_fold_resumes_to_the_figures_of_one_that_was_not()
    {
        using TemporaryFolder temporary = new();
        Recipe recipe = temporary.Recipe(epochs: 3).With("data.split.folds", 3);
        CrossValidation.Start(recipe, new RunOptions { Folder = temporary.At("whole") });
        using CancellationTokenSource source = new();
        CrossValidationResult part = CrossValidation.Start(
            recipe, new RunOptions { Folder = temporary.At("cv") }, new StopIn(2, source), source.Token);
        part.Folds.Count.ShouldBe(1);
        new RunFolder(temporary.At("cv")).IsUnfinished.ShouldBeTrue();
        Should.Throw<ThalwegException>(() => CrossValidation.Start(recipe, new RunOptions { Folder = temporary.At("cv") }))
            .Message.ShouldContain("unfinished");
        Should.Throw<ThalwegException>(
            () => CrossValidation.Resume(temporary.At("cv"), new RunOptions { Change = at => at.With("training.epochs", 9) }))
            .Message.ShouldContain("training.epochs: 3 -> 9");

        StopIn watch = new(0, source);
        CrossValidationResult all = CrossValidation.Resume(temporary.At("cv"), progress: watch);
        watch.Started.ShouldBe([2, 3]);
        all.Folds.Select(fold => fold.Record.Resumptions?.Count ?? 0).ShouldBe([0, 1, 0]);
        File.ReadAllText(temporary.At("cv/cross-validation.json")).ShouldBe(File.ReadAllText(temporary.At("whole/cross-validation.json")));
        foreach (string name in (string[])["fold-1", "fold-2", "fold-3"])
            Weights(temporary.At($"cv/{name}")).ShouldBe(Weights(temporary.At($"whole/{name}")));
        Refit.Create(all).Plan.Recipe.Training.Epochs.ShouldBe(all.ChosenEpochs);
        Should.Throw<ThalwegException>(() => CrossValidation.Resume(temporary.At("cv"))).Message.ShouldContain("all 3 folds");
        Should.Throw<ThalwegException>(() => CrossValidation.Resume(temporary.At("nowhere"))).Message.ShouldContain("nowhere");
    }

    [Fact]
    public void A_cross_validation_is_not_resumed_on_other_data()
    {
        using TemporaryFolder temporary = new();
        Recipe recipe = temporary.Recipe(epochs: 2).With("data.split.folds", 2);
        using CancellationTokenSource source = new();
        CrossValidation.Start(recipe, new RunOptions { Folder = temporary.At("cv") }, new StopIn(2, source), source.Token);
        string path = recipe.Data.Source;
        File.WriteAllLines(path, File.ReadAllLines(path).Reverse().Skip(5).Reverse());
        Should.Throw<ThalwegException>(() => CrossValidation.Resume(temporary.At("cv"))).Message.ShouldContain("is not what it was");
    }

    private static float[][] Weights(string folder) =>
        [.. TrainedModel.Load(folder).Module.NamedParameters().Select(item => item.Parameter.Value.ToArray<float>())];

    /// <summary>Cancels in a fold, and keeps which were started.</summary>
    private sealed class StopIn(int stop, CancellationTokenSource source) : ICrossValidationProgress
    {
        public List<int> Started { get; } = [];

        public void FoldStarted(RunPlan plan, int repeat, int fold) => Started.Add(fold);

        public void Report(RunEvent value)
        {
            if (value is RunEvent.EpochEnded && Started[^1] == stop)
                source.Cancel();
        }
    }

    [Fact]
    public void The_record_of_a_run_holds_its_reports()
    {
        using TemporaryFolder temporary = new();
        Recipe recipe = temporary.Recipe().With("training.metrics", "top_k_accuracy(1), precision(class=1)");
        RunResult result = Run.Start(recipe, new RunOptions { Folder = temporary.At("run"), OpensTest = true });
        RunRecord record = RunRecord.Load(temporary.At("run"));
        foreach (EvaluationReport report in (EvaluationReport[])[record.ValidationReport!, record.TestReport!])
        {
            report.Samples.ShouldBe(20);
            report.Metrics.Select(metric => metric.Name).ShouldBe([
                "accuracy", "balanced_accuracy", "f1", "matthews", "roc_auc", "average_precision", "log_loss", "brier",
                "expected_calibration_error", "top_k_accuracy", "precision_class_1"]);
            report.Confusion!.Sum(row => row.Sum()).ShouldBe(20);
            report.Classes!.Select(one => one.Name).ShouldBe(["no", "yes"]);
        }

        record.TestReport!.Find("accuracy")!.Value.ShouldBe(result.Test!.Accuracy, 1e-12);
        record.TestReport.Find("accuracy")!.Trivial.ShouldBe(result.TrivialOnTest!.Value, 1e-12);
        record.ValidationReport!.Find("accuracy")!.Interval!.Method.ShouldBe(IntervalMethod.Wilson);

        // The same to the bit each time.
        RunResult again = Run.Start(recipe, new RunOptions { Folder = temporary.At("again") });
        again.ValidationReport!.Metrics.ShouldBe(result.ValidationReport!.Metrics);
    }
}
