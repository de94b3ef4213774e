namespace Thalweg.Tuning.Tests.Pruners;

/// <summary>Pruners beside their definitions.</summary>
public sealed class PrunerTests
{
    private static readonly SearchGoal s_loss = new("loss", Maximize: false), s_accuracy = new("accuracy", Maximize: true);

    private static readonly TrialPoint s_point = new([]);

    public static TheoryData<string> All =>
    [
        "none", "median", "percentile(30)", "halving", "asha(factor=4)", "hyperband", "screen(kept=5)", "patience(3)", "threshold(upper=2)",
    ];

    [Theory]
    [MemberData(nameof(All))]
    public void Texts_read_back_and_the_end_and_missing_figures_are_let_pass(string text)
    {
        Pruner pruner = Settings.Parse<Pruner>(text);
        Settings.Parse<Pruner>(pruner.ToString()).ShouldBe(pruner);
        Decide(pruner, [], [], 9).ShouldBe(PruneDecision.Continue);
        Decide(pruner, [], [9, 9, 9, 9, 9, 9, 9, 9, 9], 9).ShouldBe(PruneDecision.Continue);
        Decide(pruner, [], [1, double.PositiveInfinity], 9).ShouldBe(PruneDecision.Pause);
        pruner.Resume(new(s_loss, [], [], 5, 9)).ShouldBeNull();
    }

    [Fact]
    public void Median_compares_the_best_so_far_with_the_figures_of_others_at_the_budget()
    {
        TrialResult[] history = [.. Enumerable.Range(0, 5).Select(i => Trial(i, [10, i + 1]))];
        MedianPruner pruner = new();
        Decide(pruner, history, [9, 3.5], 9).ShouldBe(PruneDecision.Pause);
        Decide(pruner, history, [9, 2.5], 9).ShouldBe(PruneDecision.Continue);
        Decide(pruner, history, [2.5, 9], 9).ShouldBe(PruneDecision.Continue);
        Decide(pruner, history[..4], [9, 9], 9).ShouldBe(PruneDecision.Continue);
        Decide(new MedianPruner { Warmup = 2 }, history, [9, 9], 9).ShouldBe(PruneDecision.Continue);
        Decide(new MedianPruner { Interval = 3 }, history, [9, 9], 9).ShouldBe(PruneDecision.Continue);
        new MedianPruner().Decide(new(s_accuracy, history, [0, 3.5], 99, 9)).ShouldBe(PruneDecision.Continue);
        new MedianPruner().Decide(new(s_accuracy, history, [0, 2.5], 99, 9)).ShouldBe(PruneDecision.Pause);
    }

    [Fact]
    public void Percentile_interpolates()
    {
        TrialResult[] history = [.. Enumerable.Range(0, 5).Select(i => Trial(i, [i]))];
        Decide(new PercentilePruner(30), history, [1.19], 9).ShouldBe(PruneDecision.Continue);
        Decide(new PercentilePruner(30), history, [1.21], 9).ShouldBe(PruneDecision.Pause);
        Should.Throw<ThalwegException>(() => Settings.Parse<Pruner>("percentile(120)")).Message.ShouldContain("percentile");
    }

    [Fact]
    public void Patience_and_threshold_judge_a_curve_by_itself()
    {
        Decide(new PatiencePruner(3), [], [5, 4, 4, 4], 99).ShouldBe(PruneDecision.Continue);
        Decide(new PatiencePruner(3), [], [5, 4, 4, 4, 4], 99).ShouldBe(PruneDecision.Pause);
        Decide(new PatiencePruner(3) { MinDelta = 0.5 }, [], [5, 4, 4, 4, 3.6], 99).ShouldBe(PruneDecision.Pause);
        Decide(new ThresholdPruner { Upper = 2 }, [], [2.1], 99).ShouldBe(PruneDecision.Pause);
        Decide(new ThresholdPruner { Upper = 2 }, [], [1.9], 99).ShouldBe(PruneDecision.Continue);
        Should.Throw<ThalwegException>(() => Settings.Parse<Pruner>("threshold")).Message.ShouldContain("lower");
    }

    [Fact]
    public void Asha_promotes_the_best_third_and_takes_paused_trials_up_again()
    {
        AshaPruner pruner = new();
        Decide(pruner, [], [1], 27).ShouldBe(PruneDecision.Pause);
        TrialResult[] history = [Trial(0, [1]), Trial(1, [2])];
        Decide(pruner, history, [3], 27).ShouldBe(PruneDecision.Pause);
        Decide(pruner, history, [0.5], 27).ShouldBe(PruneDecision.Continue);
        Decide(pruner, history, [0.5, 0.5], 27).ShouldBe(PruneDecision.Continue);
        history = [.. history, Trial(2, [3])];
        pruner.Resume(new(s_loss, history, [], 5, 27)).ShouldBe(0);
        pruner.Resume(new(s_loss, history, [0], 5, 27)).ShouldBeNull();

        // The highest rung comes first.
        history = [.. Enumerable.Range(0, 3).Select(i => Trial(i, [i, i, i + 0.5])), .. Enumerable.Range(3, 6).Select(i => Trial(i, [i - 5]))];
        pruner.Resume(new(s_loss, history, [], 5, 27)).ShouldBe(0);
        pruner.Resume(new(s_loss, history, [0], 5, 27)).ShouldBe(3);
    }

    [Fact]
    public void Halving_waits_for_a_whole_group()
    {
        HalvingPruner pruner = new() { GroupSize = 9 };
        foreach (int budget in new[] { 1, 3, 9 })
            Decide(pruner, [], [.. Enumerable.Repeat(0.0, budget)], 27).ShouldBe(PruneDecision.Pause);
        Decide(pruner, [], [0, 0], 27).ShouldBe(PruneDecision.Continue);
        TrialResult[] history = [.. Enumerable.Range(0, 8).Select(i => Trial(i, [8.0 - i]))];
        pruner.Resume(new(s_loss, history, [], 5, 27)).ShouldBeNull();
        pruner.Resume(new(s_loss, history, [], 0, 27)).ShouldBe(6);
        history = [.. history, Trial(8, [100])];
        int[] resumed = [.. Enumerable.Range(0, 3).Select(_ => 0)];
        for (int k = 0; k < 3; k++)
            resumed[k] = pruner.Resume(new(s_loss, history, resumed[..k], 5, 27))!.Value;
        resumed.ShouldBe([5, 6, 7]);
        pruner.Resume(new(s_loss, history, resumed, 5, 27)).ShouldBeNull();

        // The second rung: the best of three, when all three have come.
        TrialResult[] second = [.. history.Where(trial => !resumed.Contains(trial.Number)), Trial(5, [3, 3, 1]), Trial(6, [2, 2, 2]), Trial(7, [1, 1, 3])];
        pruner.Resume(new(s_loss, second[..^1], [7], 5, 27)).ShouldBeNull();
        pruner.Resume(new(s_loss, second, [], 5, 27)).ShouldBe(5);
    }

    [Fact]
    public void Hyperband_has_the_brackets_of_the_paper()
    {
        HyperbandPruner pruner = new();
        int[] rungs = Rungs.Of(1, 3, 81);
        rungs.ShouldBe([1, 3, 9, 27]);

        // Li et al. 2018, table 1: R = 81, eta = 3 gives 81, 34, 15, 8, 5 configurations.
        int[] brackets = [.. Enumerable.Range(0, 143).Select(number => pruner.BracketOf(number, rungs.Length))];
        brackets.GroupBy(bracket => bracket).OrderBy(group => group.Key).Select(group => group.Count()).ShouldBe([81, 34, 15, 8, 5]);
        int last = Array.IndexOf(brackets, 4), second = Array.IndexOf(brackets, 1);
        pruner.Decide(new(s_loss, [], [9], last, 81)).ShouldBe(PruneDecision.Continue);
        pruner.Decide(new(s_loss, [], [9], second, 81)).ShouldBe(PruneDecision.Continue);
        pruner.Decide(new(s_loss, [], [9, 9, 9], second, 81)).ShouldBe(PruneDecision.Pause);
    }

    [Fact]
    public void The_screen_finishes_the_best_when_no_trial_starts_any_more()
    {
        ScreenPruner pruner = new() { Kept = 2 };
        Decide(pruner, [], [0], 9).ShouldBe(PruneDecision.Pause);
        Decide(pruner, [], [0, 0], 9).ShouldBe(PruneDecision.Continue);
        TrialResult[] history = [Trial(0, [3]), Trial(1, [1]), Trial(2, [2]), Trial(3, [4])];
        pruner.Resume(new(s_loss, history, [], 1, 9)).ShouldBeNull();
        pruner.Resume(new(s_loss, history, [], 0, 9)).ShouldBe(1);
        pruner.Resume(new(s_loss, history, [1], 0, 9)).ShouldBe(2);
        pruner.Resume(new(s_loss, history, [1, 2], 0, 9)).ShouldBeNull();
        TrialResult[] finished = [history[0], history[1] with { Status = TrialStatus.Completed, Curve = [.. Enumerable.Repeat(1.0, 9)] }, history[2], history[3]];
        pruner.Resume(new(s_loss, finished, [2], 0, 9)).ShouldBeNull();
    }

    private static PruneDecision Decide(Pruner pruner, TrialResult[] history, double[] curve, int most) =>
        pruner.Decide(new(s_loss, history, curve, 99, most));

    private static TrialResult Trial(int number, double[] curve) => new(number, s_point, TrialStatus.Pruned, [], curve);
}
