using Thalweg.Diagnosis;
using Thalweg.Faults;
using Half = Thalweg.Faults.Half;

namespace Thalweg.Doctor.Tests;

/// <summary>The shape of the planted-fault suite, and the formulas that it scores by.</summary>
public sealed class FaultSuiteTests
{
    private static readonly IReadOnlyList<FaultCase> s_cases = CaseList.All();

    [Fact]
    public void Each_cause_has_six_cases_and_some_in_each_half()
    {
        foreach (Cause cause in Cause.All)
        {
            FaultCase[] cases = [.. s_cases.Where(item => item.Cause == cause.Id)];
            cases.Length.ShouldBeGreaterThanOrEqualTo(6, cause.Id);
            foreach (Half half in Enum.GetValues<Half>())
                cases.Count(item => item.Half == half).ShouldBeGreaterThanOrEqualTo(3, $"{cause.Id} {half}");
        }
    }

    [Fact]
    public void Names_are_unique_and_causes_known()
    {
        s_cases.Select(item => item.Name).ShouldBeUnique();
        string[] known = [.. Cause.All.Select(cause => cause.Id)];
        s_cases.SelectMany(item => item.Accepted.Append(item.Cause)).Distinct().ShouldBeSubsetOf(known);
    }

    [Fact]
    public void Halves_share_neither_seeds_nor_problems()
    {
        s_cases.ShouldAllBe(item => (item.Half == Half.Calibration) == (item.Faulty.Recipe.Seed % 2 == 1));
        ILookup<string, Half> halves = s_cases.ToLookup(item => item.Name.Split('/')[1].Split('-')[0], item => item.Half);
        halves.ShouldAllBe(problem => problem.Distinct().Count() == 1);
        HealthyCases.All().ShouldAllBe(item => (item.Half == Half.Calibration) == (item.Setup.Recipe.Seed % 2 == 1));
    }

    [Fact]
    public void A_fault_differs_from_its_twin() =>
        s_cases.ShouldAllBe(item => item.Faulty.Data != null || item.Faulty.Network != null || item.Faulty.TestReads > 0
            || item.Faulty.Recipe.Diff(item.Healthy.Recipe).Count > 0);

    [Fact]
    public void There_are_sixty_healthy_trainings_and_odd_ones_among_them()
    {
        IReadOnlyList<HealthyCase> healthy = HealthyCases.All();
        healthy.Count.ShouldBeGreaterThanOrEqualTo(60);
        healthy.Count(item => item.IsOdd).ShouldBeGreaterThanOrEqualTo(20);
        healthy.Select(item => item.Name).ShouldBeUnique();
    }

    [Fact]
    public void Mutants_are_twenty_four_operators_at_three_severities_on_six_networks()
    {
        IReadOnlyList<Mutant> mutants = MutationOperators.All();
        mutants.Count.ShouldBe(24 * 3 * 6);
        mutants.Select(mutant => mutant.Operator).Distinct().Count().ShouldBe(24);
        mutants.Select(mutant => mutant.Name).ShouldBeUnique();
    }

    [Fact]
    public void Permutations_of_separate_groups_are_one_in_ten()
    {
        MutantStudy study = MutantStudy.Of("x", [0.4, 0.5, 0.6], [0.1, 0.2, 0.3]);
        study.P.ShouldBe(2.0 / 20, 1e-12);            // 2 of the 20 divisions of six figures into two groups
        study.Effect.ShouldBe(3, 1e-6);
        study.Hurts.ShouldBeFalse();
    }

    [Fact]
    public void Scores_count_what_is_found()
    {
        HashSet<string> accepted = ["plateau"];
        Score score = new(
        [
            new("a", "saddle", accepted, [new("plateau", 0.9, 2), new("saddle", 0.8, 1)], 1),
            new("b", "saddle", accepted, [new("cliff", 0.7, 1), new("saddle", 0.2, -1)], 1),
            new("c", "saddle", accepted, [], 1),
            new("d", Report.None, new HashSet<string>(), [new("cliff", 0.6, 1)], 1),
            new("e", Report.None, new HashSet<string>(), [new("cliff", 0.4, 0)], 1),
        ]);
        score.Detection.ShouldBe(2.0 / 3, 1e-12);
        score.First.ShouldBe(0, 1e-12);
        score.FirstTwo.ShouldBe(1.0 / 3, 1e-12);
        score.Precision.ShouldBe(2.0 / 3, 1e-12);
        score.FalseAlarms.ShouldBe(0.5, 1e-12);
        (double recall, double precision, _) = score.Humbatova(report => [new HashSet<string> { "saddle" }]);
        recall.ShouldBe(1.0 / 3, 1e-12);
        precision.ShouldBe(0.5 / 3, 1e-12);
    }

    [Fact]
    public void The_logistic_fit_finds_the_coefficients_of_its_data()
    {
        List<(double, bool)> data = [];
        for (int i = 0; i < 4000; i++)
        {
            RandomStream random = new(7, RandomPurpose.User, (ulong)i);
            double x = random.NextDouble(-3, 3);
            data.Add((x, random.NextDouble() < 1 / (1 + Math.Exp(-(-0.5 + (1.2 * x))))));
        }

        (double intercept, double slope) = Logistic.Fit(data, (0, 1.5));
        intercept.ShouldBeInRange(-0.65, -0.35);
        slope.ShouldBeInRange(1.05, 1.35);
    }

    [Fact]
    public void Evidence_decides_whatever_a_few_cases_say()
    {
        (double intercept, double slope) = Logistic.Fit([.. Enumerable.Repeat((2.0, false), 50)], (0, 1.5));
        (-intercept / slope).ShouldBe(2, 1e-9);
        (intercept, slope) = Logistic.Fit([.. Enumerable.Repeat((-2.0, true), 50)], (0, 1.5));
        (-intercept / slope).ShouldBe(-2, 1e-9);
    }
}
