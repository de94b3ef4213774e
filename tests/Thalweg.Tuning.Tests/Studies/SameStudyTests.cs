namespace Thalweg.Tuning.Tests.Studies;

/// <summary>The trials of a study do not depend on who works on it.</summary>
public sealed class SameStudyTests
{
    [Theory]
    [InlineData("random", "none", "lag(8)"), InlineData("random", "none", "rounds(8)"), InlineData("tpe", "median", "lag(8)")]
    [InlineData("tpe", "asha", "rounds(8)"), InlineData("tpe", "screen", "lag(8)"), InlineData("sobol", "hyperband", "lag(12)")]
    public void Two_hundred_trials_are_the_same_for_any_number_of_workers_and_after_deaths(string sampler, string pruner, string order)
    {
        StudyDefinition definition = VirtualStudy.Definition(200, sampler, pruner, order);
        MemoryStorage alone = new();
        VirtualStudy.Run(alone, definition, 1);
        string[] lines = VirtualStudy.Lines(alone);
        lines.Length.ShouldBeGreaterThanOrEqualTo(401);
        foreach (int workers in (int[])[2, 4, 8])
        {
            MemoryStorage several = new();
            VirtualStudy.Run(several, definition, workers, deathEvery: 11);
            VirtualStudy.Lines(several).ShouldBe(lines);
        }
    }

    [Fact]
    public void A_lag_keeps_four_workers_busier_than_rounds()
    {
        double lag = VirtualStudy.Run(new MemoryStorage(), VirtualStudy.Definition(200, "random", "none", "lag(16)"), 4);
        double rounds = VirtualStudy.Run(new MemoryStorage(), VirtualStudy.Definition(200, "random", "none", "rounds(16)"), 4);
        lag.ShouldBeGreaterThan(0.95);
        rounds.ShouldBeInRange(0.7, lag);
    }

    [Fact]
    public void Threads_give_the_trials_of_one_worker()
    {
        StudyDefinition definition = VirtualStudy.Definition(60, "random", "median", "lag(8)");
        MemoryStorage one = new(), four = new();
        foreach ((MemoryStorage storage, int workers) in ((MemoryStorage, int)[])[(one, 1), (four, 4)])
        {
            using Study study = Study.OpenOrCreate(storage, definition);
            StudyWorkers.Run(study, new InstantObjective(), new StudyRunOptions { Workers = workers }).IsFinished.ShouldBeTrue();
        }

        VirtualStudy.Lines(four).ShouldBe(VirtualStudy.Lines(one));
    }

    [Fact]
    public void A_study_that_is_extended_is_the_one_that_was_longer_from_the_start()
    {
        StudyDefinition whole = VirtualStudy.Definition(40, "random", "median", "lag(8)");
        MemoryStorage once = new(), twice = new();
        VirtualStudy.Run(once, whole, 2);
        VirtualStudy.Run(twice, whole with { Trials = 15 }, 3);
        using (Study study = Study.OpenOrCreate(twice, whole, extends: true))
            study.IsFinished.ShouldBeFalse();
        VirtualStudy.Run(twice, whole, 4);
        VirtualStudy.Lines(twice).ShouldBe(VirtualStudy.Lines(once));
    }

    [Fact]
    public void Proposals_see_what_the_order_allows_and_no_more()
    {
        (StudyOrder lag, StudyOrder rounds) = (StudyOrder.Parse("lag(4)"), StudyOrder.Parse("rounds(4)"));
        Enumerable.Range(0, 9).Select(lag.SeenBy).ShouldBe([0, 0, 0, 0, 1, 2, 3, 4, 5]);
        Enumerable.Range(0, 9).Select(rounds.SeenBy).ShouldBe([0, 0, 0, 0, 4, 4, 4, 4, 8]);
        StudyOrder.Parse(lag.ToString()).ShouldBe(lag);
        foreach (string text in (string[])["", "lag", "lag(0)", "lag(-1)", "later(3)", "lag(2"])
            Should.Throw<ThalwegException>(() => StudyOrder.Parse(text)).Message.ShouldContain("lag(8)");
    }

    [Fact]
    public void The_epoch_budget_ends_a_study_at_the_same_trial()
    {
        StudyDefinition definition = VirtualStudy.Definition(200, "random", "none", "lag(4)") with { MaxEpochs = 100 };
        MemoryStorage one = new(), eight = new();
        VirtualStudy.Run(one, definition, 1);
        VirtualStudy.Run(eight, definition, 8);
        VirtualStudy.Lines(eight).ShouldBe(VirtualStudy.Lines(one));
        using Study study = Study.Open(one);
        study.Result().Epochs.ShouldBeInRange(100, 100 + (4 * VirtualStudy.Budget));
    }

    [Fact]
    public void A_time_budget_ends_the_search_and_the_study_says_that_it_is_not_exact()
    {
        StudyDefinition definition = VirtualStudy.Definition(1000, "random", "none", "lag(4)");
        using Study study = Study.OpenOrCreate(new MemoryStorage(), definition);
        StudyResult result = StudyWorkers.Run(study, new InstantObjective(), new StudyRunOptions { MaxTime = TimeSpan.Zero });
        (result.IsFinished, result.Trials.Count, result.Definition.IsExact).ShouldBe((true, 0, false));
        study.Extend(definition with { Trials = 3 });
        StudyWorkers.Run(study, new InstantObjective()).Trials.Count.ShouldBe(3);
    }

    [Fact]
    public void Points_that_are_given_come_first()
    {
        TrialPoint start = TrialPoint.Parse("x=0.5, rate=0.01, kind=a");
        MemoryStorage storage = new();
        VirtualStudy.Run(storage, VirtualStudy.Definition(5, "random", "none", "lag(2)") with { Starts = [start] }, 2);
        using Study study = Study.Open(storage);
        study.Result().Trials[0].Point.ShouldBe(start);
    }
}
