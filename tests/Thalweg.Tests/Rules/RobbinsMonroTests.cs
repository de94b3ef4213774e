using Thalweg.Rules;
using Thalweg.Schedules;

namespace Thalweg.Tests.Rules;

public sealed class RobbinsMonroTests
{
    [Theory]
    [InlineData("inverse_time(0.1, 0.01)", true, "1/t^1")]
    [InlineData("inverse_time(0.1, 0.01, power=0.75)", true, "1/t^0.75")]
    [InlineData("inverse_time(0.1, 0.01, power=0.5)", false, "too slow")]
    [InlineData("inverse_time(0.1, 0.01, power=1.5)", false, "sum of the rates is finite")]
    [InlineData("inverse_time(0.1, 0)", false, "does not tend to 0")]
    [InlineData("inverse_root(0.1, 100)", false, "too slow")]
    [InlineData("constant(0.1)", false, "does not tend to 0")]
    [InlineData("linear(0.1, 100)", false, "0 from some step on")]
    [InlineData("linear(0.1, 100, end=0.001)", false, "does not tend to 0")]
    [InlineData("cosine(0.1, 100)", false, "0 from some step on")]
    [InlineData("exponential(0.1, 0.99)", false, "geometrically")]
    [InlineData("step(0.1, 10)", false, "geometrically")]
    [InlineData("multi_step(0.1, at(5, 10))", false, "does not tend to 0")]
    [InlineData("cyclic(0, 0.1, 10, form=halving)", false, "geometrically")]
    [InlineData("cosine_restarts(0.1, 10)", false, "does not tend to 0")]
    [InlineData("sequence(linear(0.01, 10, end=0.1), inverse_time(0.1, 1), 10)", true, "1/t^1")]
    [InlineData("product(inverse_root(1, 10), inverse_time(0.1, 1, power=0.25))", true, "1/t^0.75")]
    [InlineData("product(exponential(1, 0.5), inverse_time(0.1, 1))", false, "geometrically")]
    [InlineData("minimum(0.01, inverse_root(1, 1))", false, "1/t^0.5")]
    [InlineData("minimum(inverse_root(1, 10), inverse_time(0.1, 1))", true, "1/t^1")]
    [InlineData("minimum(linear(0.1, 100), 0.01)", false, "0 from some step on")]
    public void Tells_whether_the_conditions_hold_and_why(string text, bool holds, string reason)
    {
        RobbinsMonroVerdict verdict = RobbinsMonro.Check(Settings.Parse<Schedule>(text));
        verdict.Holds.ShouldBe(holds);
        verdict.Reason.ShouldContain(reason);
    }

    [Theory]
    [InlineData("inverse_time(1, 1)")]
    [InlineData("inverse_time(1, 1, power=0.75)")]
    [InlineData("inverse_time(1, 1, power=1.5)")]
    [InlineData("inverse_time(1, 1, power=0.5)")]
    public void Agrees_with_sums_over_two_stretches_of_steps(string text)
    {
        // From one decade to the next, terms of a divergent sum of powers do not shrink by a constant factor, those of a convergent one do.
        Schedule schedule = Settings.Parse<Schedule>(text);
        bool sumDiverges = Stretch(schedule, 1) >= 0.99, squaresConverge = Stretch(schedule, 2) < 0.99;
        RobbinsMonro.Check(schedule).Holds.ShouldBe(sumDiverges && squaresConverge);
    }

    [Fact]
    public void A_number_does_not_meet_them_and_an_unknown_schedule_is_left_open()
    {
        RobbinsMonro.Check(0.1).Holds.ShouldBe(false);
        RobbinsMonro.Check(new Secret()).Holds.ShouldBeNull();
    }

    private static double Stretch(Schedule schedule, int power)
    {
        double early = 0, late = 0;
        for (int t = 1_000; t < 10_000; t++)
            early += Math.Pow(schedule.At(t), power);
        for (int t = 10_000; t < 100_000; t++)
            late += Math.Pow(schedule.At(t), power);
        return late / early;
    }

    private sealed record Secret : Schedule
    {
        public override (double Low, double High) Bounds => (0, 1);

        public override string Formula => "secret";

        public override string Source => "none";

        protected override double Decayed(long step) => 0.5;
    }
}
