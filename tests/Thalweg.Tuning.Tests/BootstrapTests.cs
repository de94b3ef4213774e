namespace Thalweg.Tuning.Tests;

/// <summary>Intervals that hold what they promise.</summary>
public sealed class BootstrapTests
{
    /// <summary>Scores that are 1 with a probability.</summary>
    private static float[] Draw(double probability, int samples, ulong index)
    {
        RandomStream random = new(7, RandomPurpose.User, index);
        float[] scores = new float[samples];
        for (int i = 0; i < samples; i++)
            scores[i] = random.NextDouble() < probability ? 1 : 0;
        return scores;
    }

    [Fact]
    public void The_interval_of_a_share_is_as_wide_as_the_binomial_law_says()
    {
        const int Samples = 1000;
        float[] scores = [.. Enumerable.Range(0, Samples).Select(i => i < 800 ? 1f : 0f)];
        BootstrapFigures figures = Bootstrap.Of([[scores]], 4000, 1)[0];
        double half = 1.96 * Math.Sqrt(0.8 * 0.2 / Samples);
        figures.Low.ShouldBe(0.8 - half, 0.003);
        figures.High.ShouldBe(0.8 + half, 0.003);
        figures.Best.ShouldBe(1, 1e-9);
        (figures.BehindLow, figures.BehindHigh).ShouldBe((0, 0));
    }

    [Fact]
    public void The_interval_covers_the_truth_about_as_often_as_it_says()
    {
        int covered = 0;
        for (ulong trial = 0; trial < 200; trial++)
        {
            BootstrapFigures figures = Bootstrap.Of([[Draw(0.7, 200, trial)]], 200, trial)[0];
            covered += figures.Low <= 0.7 && figures.High >= 0.7 ? 1 : 0;
        }

        covered.ShouldBeInRange(180, 199);
    }

    [Fact]
    public void What_two_contenders_share_does_not_widen_their_difference()
    {
        float[] first = Draw(0.8, 1000, 1), second = [.. first];
        for (int i = 0, taken = 0; taken < 20; i++)
        {
            if (second[i] == 1)
                (second[i], taken) = (0, taken + 1);
        }

        BootstrapFigures behind = Bootstrap.Of([[first], [second]], 2000, 3)[1];
        behind.BehindLow.ShouldBeGreaterThan(0);
        behind.BehindHigh.ShouldBeLessThan(0.035);
        (behind.High - behind.Low).ShouldBeGreaterThan(0.045);
        behind.Best.ShouldBe(0);
    }

    [Fact]
    public void Equals_share_the_first_place()
    {
        float[] scores = Draw(0.5, 100, 1);
        BootstrapFigures[] figures = Bootstrap.Of([[scores], [scores]], 100, 1);
        figures[0].Best.ShouldBe(0.5, 1e-9);
        figures[1].Best.ShouldBe(0.5, 1e-9);
    }

    [Fact]
    public void Random_rates_are_the_same_for_the_same_seed_and_lie_in_the_range()
    {
        ComparisonOptions options = new()
        {
            Contenders = [new("sgd")],
            Sampling = RateSampling.Random,
            Rates = 50,
            LowestRate = 1e-4,
            HighestRate = 1
        };
        double[] rates = LearningRates.Of(options);
        rates.ShouldBe(LearningRates.Of(options));
        rates.ShouldNotBe(LearningRates.Of(options with { Seed = 2 }));
        rates.ShouldBeInOrder(SortDirection.Ascending);
        rates.ShouldAllBe(rate => rate >= 1e-4 && rate <= 1);
        rates.Count(rate => rate < 1e-2).ShouldBeInRange(15, 35);
    }
}
