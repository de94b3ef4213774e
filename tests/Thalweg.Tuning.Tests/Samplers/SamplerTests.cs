namespace Thalweg.Tuning.Tests.Samplers;

/// <summary>What all samplers promise: points of the space, as a function of the context alone, better than luck.</summary>
public sealed class SamplerTests
{
    private static readonly SearchGoal[] s_goals = [new("loss", Maximize: false)];

    private static readonly SearchSpace s_mixed = SearchSpace.Parse(
        "rate=log(1e-5, 1)", "depth=int(1, 3)", "units=logint(16, 256) if depth >= 2", "kind=choice(a, b, c)", "share=uniform(0, 1) if kind = b",
        "step=steps(0, 0.5, 0.1)");

    public static TheoryData<string> All => [.. Settings.Names<Sampler>()];

    public static TheoryData<string> Learning => ["tpe", "gp", "cma_es", "auto", "gp(warp_inputs=false, output_warping=half_rank)", "gp(output_warping=none)"];

    [Theory]
    [MemberData(nameof(All))]
    public void Proposals_are_points_of_the_space_and_follow_from_the_context_alone(string text)
    {
        Sampler sampler = Settings.Parse<Sampler>(text);
        Settings.Parse<Sampler>(sampler.ToString()).ShouldBe(sampler);
        List<TrialResult> history = [];
        List<SuggestionContext> contexts = [];
        List<TrialPoint> points = [];
        for (int number = 0; number < 22; number++)
        {
            TrialPoint[] pending = number > 15 ? [points[^1], points[^2]] : [];
            SuggestionContext context = new(s_mixed, s_goals, [.. history], pending, number, 5);
            TrialPoint point = sampler.Suggest(context);
            s_mixed.Check(point);
            (contexts, points) = ([.. contexts, context], [.. points, point]);
            history.Add(Result(number, point));
        }

        for (int number = 21; number >= 0; number -= 3)
            Settings.Parse<Sampler>(text).Suggest(contexts[number]).ShouldBe(points[number], $"number {number}");
        Parallel.For(10, 18, number => sampler.Suggest(contexts[number]).ShouldBe(points[number]));
        sampler.Suggest(contexts[20] with { Seed = 6 }).ShouldNotBe(points[20]);
        sampler.Explain(contexts[20]).ShouldNotBeEmpty();
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Several_goals_failed_trials_and_one_value_are_no_trouble(string text)
    {
        Sampler sampler = Settings.Parse<Sampler>(text);
        SearchSpace space = SearchSpace.Parse("x=uniform(0, 1)", "fixed=int(3, 3)", "one=choice(a)");
        SearchGoal[] goals = [new("accuracy", Maximize: true), new("size", Maximize: false)];
        List<TrialResult> history = [];
        for (int number = 0; number < 16; number++)
        {
            TrialPoint point = sampler.Suggest(new(space, goals, [.. history], [], number, 1));
            space.Check(point);
            double x = point["x"]!.Value.Number;
            history.Add(number % 4 == 3
                ? new(number, point, TrialStatus.Failed, [], [double.NaN])
                : new(number, point, TrialStatus.Completed, [x, x * x], []));
        }

        TrialResult[] equal = [.. history.Select(trial => trial with { Status = TrialStatus.Failed, Values = [] })];
        space.Check(sampler.Suggest(new(space, goals, equal, [], 16, 1)));
    }

    [Theory]
    [MemberData(nameof(Learning))]
    public void Learning_beats_luck(string text)
    {
        SearchSpace space = SearchSpace.Parse("x=uniform(-5, 10)", "y=log(1e-6, 1)", "n=int(1, 20)");
        static double Value(TrialPoint point) => Math.Pow(point["x"]!.Value.Number - 3, 2) + Math.Pow(Math.Log10(point["y"]!.Value.Number) + 4, 2)
            + (0.1 * Math.Pow(point["n"]!.Value.Number - 7, 2));
        int better = 0;
        for (ulong seed = 0; seed < 5; seed++)
            better += Best(Settings.Parse<Sampler>(text), space, Value, seed, Trials(text)) < 0.5 * Best(new RandomSampler(), space, Value, seed, Trials(text)) ? 1 : 0;
        better.ShouldBeGreaterThanOrEqualTo(4);

        // A strategy with populations needs some generations.
        static int Trials(string sampler) => sampler == "cma_es" ? 100 : 30;
    }

    [Theory]
    [InlineData("tpe")]
    [InlineData("gp")]
    [InlineData("auto")]
    public void The_better_branch_of_a_condition_is_found(string text)
    {
        static double Value(TrialPoint point) => (point["kind"]!.Value.Text == "b" ? Math.Pow(point["share"]!.Value.Number - 0.7, 2) : 0.5)
            + (0.1 * Math.Abs(Math.Log10(point["rate"]!.Value.Number) + 2));
        Best(Settings.Parse<Sampler>(text), s_mixed, Value, 3).ShouldBeLessThan(0.05);
    }

    [Theory]
    [InlineData("tpe")]
    [InlineData("gp")]
    public void Pending_points_are_not_proposed_again(string text)
    {
        SearchSpace space = SearchSpace.Parse("x=uniform(0, 1)", "y=uniform(0, 1)");
        List<TrialResult> history = [];
        for (int number = 0; number < 15; number++)
        {
            TrialPoint drawn = new SobolSampler().Suggest(new(space, s_goals, [], [], number, 1));
            history.Add(new(number, drawn, TrialStatus.Completed, [Math.Pow(drawn["x"]!.Value.Number - 0.4, 2) + Math.Pow(drawn["y"]!.Value.Number - 0.6, 2)], []));
        }

        Sampler sampler = Settings.Parse<Sampler>(text);
        List<TrialPoint> pending = [];
        for (int k = 0; k < 4; k++)
            pending.Add(sampler.Suggest(new(space, s_goals, history, [.. pending], 15, 1)));
        pending.Distinct().Count().ShouldBe(4);
    }

    [Fact]
    public void A_grid_tries_each_combination_once()
    {
        GridSampler grid = new(3);
        SearchSpace space = SearchSpace.Parse("rate=log(1e-4, 1)", "kind=choice(a, b, c, d)", "units=int(1, 2) if kind = b");
        grid.MaximumTrials(space).ShouldBe(3 * (3 + 2));
        TrialPoint[] points = [.. Enumerable.Range(0, 15).Select(number => grid.Suggest(new(space, s_goals, [], [], number, 4)))];
        points.Distinct().Count().ShouldBe(15);
        points.Select(point => point["rate"]!.Value.Number).Distinct().Order().ShouldBe([1e-4, 1e-2, 1]);
        Should.Throw<ThalwegException>(() => new GridSampler(100).MaximumTrials(SearchSpace.Parse(
            Enumerable.Range(0, 5).Select(i => $"x{i}=uniform(0, 1)")))).Message.ShouldContain("combinations");
    }

    private static double Best(Sampler sampler, SearchSpace space, Func<TrialPoint, double> value, ulong seed, int trials = 30)
    {
        List<TrialResult> history = [];
        for (int number = 0; number < trials; number++)
        {
            TrialPoint point = sampler.Suggest(new(space, s_goals, [.. history], [], number, seed));
            history.Add(new(number, point, TrialStatus.Completed, [value(point)], []));
        }

        return history.Min(trial => trial.Values[0]);
    }

    private static TrialResult Result(int number, TrialPoint point)
    {
        double loss = Math.Abs(Math.Log10(point["rate"]!.Value.Number) + 3) + (point["kind"]!.Value.Text == "b" ? 0 : 1);
        return (number % 7) switch
        {
            3 => new(number, point, TrialStatus.Failed, [], []),
            5 => new(number, point, TrialStatus.Pruned, [], [loss + 1, loss]),
            _ => new(number, point, TrialStatus.Completed, [loss], [loss]),
        };
    }
}
