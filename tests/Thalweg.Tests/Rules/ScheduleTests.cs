using Thalweg.Optimizers;
using Thalweg.Rules;
using Thalweg.Schedules;

namespace Thalweg.Tests.Rules;

public sealed class ScheduleTests
{
    [Theory]
    [InlineData("constant(0.5)", 0, 0.5)]
    [InlineData("constant(0.5)", 1000000, 0.5)]
    [InlineData("constant(0.5, warmup=4)", 0, 0.125)]
    [InlineData("constant(0.5, warmup=4)", 3, 0.5)]
    [InlineData("constant(0.5, warmup=4)", 4, 0.5)]
    [InlineData("linear(1, steps=10)", 0, 1)]
    [InlineData("linear(1, steps=10)", 5, 0.5)]
    [InlineData("linear(1, steps=10)", 10, 0)]
    [InlineData("linear(1, steps=10)", 11, 0)]
    [InlineData("linear(0.2, steps=10, end=1)", 5, 0.6)]
    [InlineData("linear(1, steps=10, warmup=2)", 0, 0.5)]
    [InlineData("linear(1, steps=10, warmup=2)", 1, 1)]
    [InlineData("linear(1, steps=10, warmup=2)", 6, 0.5)]
    [InlineData("cosine(1, steps=10)", 0, 1)]
    [InlineData("cosine(1, steps=10)", 5, 0.5)]
    [InlineData("cosine(1, steps=12)", 4, 0.75)]
    [InlineData("cosine(1, steps=10)", 10, 0)]
    [InlineData("cosine(1, steps=10)", 99, 0)]
    [InlineData("cosine(1, steps=10, end=0.2)", 5, 0.6)]
    [InlineData("cosine(1, steps=12, warmup=2)", 1, 1)]
    [InlineData("cosine(1, steps=12, warmup=2)", 7, 0.5)]
    public void Gives_its_closed_form(string text, long step, double expected) =>
        RuleText.ParseSchedule(text).At(step).ShouldBe(expected, 1e-15);

    [Theory]
    [InlineData("constant(0.001)")]
    [InlineData("constant(0.001, warmup=5)")]
    [InlineData("linear(1e-5, 70, end=0.25, warmup=5)")]
    [InlineData("cosine(0.001, 1000, end=1e-6, warmup=100)")]
    public void Prints_itself_and_reads_back(string text)
    {
        Schedule schedule = RuleText.ParseSchedule(text);
        schedule.ToString().ShouldBe(text);
        RuleText.ParseSchedule(schedule.ToString()).ShouldBe(schedule);
    }

    [Fact]
    public void Serves_any_hyperparameter()
    {
        // Both betas fall from 0.9 to 0, so that at the end the step is the sign of the gradient, whatever came before.
        Chain chain = [new ScaleByAdam { B1 = new LinearSchedule(0.9, 3), B2 = new LinearSchedule(0.9, 3), Epsilon = 1e-300 }, new ScaleByLearningRate(1)];
        double[] w = [0];
        OptimizerRun run = new(chain, ParameterSegments.Single(1), DType.Float64);
        for (int t = 0; t < 3; t++)
            run.Step<double>(w, [1]);
        double before = w[0];
        before.ShouldBeLessThan(-2);
        run.Step<double>(w, [-5]);
        w[0].ShouldBe(before + 1, 1e-12);
    }

    [Fact]
    public void Another_one_can_be_written_outside_the_library()
    {
        double[] w = [0];
        OptimizerRun run = new(new Sgd(new Halving(1, 2)), ParameterSegments.Single(1), DType.Float64);
        for (int t = 0; t < 5; t++)
            run.Step<double>(w, [-1]);
        w[0].ShouldBe(1 + 1 + 0.5 + 0.5 + 0.25, 1e-15);
        new Halving(1, 2).ToString().ShouldBe("halving(...)");
    }

    [Fact]
    public void A_warm_up_as_long_as_the_schedule_is_refused() =>
        Should.Throw<ThalwegException>(() => RuleText.Parse("sgd(cosine(0.1, steps=10, warmup=10))"))
            .Message.ShouldBe("[cosine] expected warmup below steps, got warmup=10 and steps=10; shorten the warm-up or train longer");

    private sealed record Halving(double Start, int Every) : Schedule
    {
        public override (double Low, double High) Bounds => (0, Start);

        public override string Formula => "start / 2^floor(t/every)";

        public override string Source => "none";

        protected override double Decayed(long step) => Start / Math.Pow(2, step / Every);
    }
}
