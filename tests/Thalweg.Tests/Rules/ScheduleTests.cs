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
    [InlineData("step(1, 5, factor=0.5)", 4, 1)]
    [InlineData("step(1, 5, factor=0.5, warmup=2)", 7, 0.5)]
    [InlineData("multi_step(1, [3, 3, 8], factor=0.5)", 2, 1)]
    [InlineData("multi_step(1, [3, 3, 8], factor=0.5)", 3, 0.25)]
    [InlineData("multi_step(1, [3, 3, 8], factor=0.5)", 8, 0.125)]
    [InlineData("exponential(2, 0.5)", 3, 0.25)]
    [InlineData("polynomial(1, 10, power=2)", 5, 0.25)]
    [InlineData("polynomial(1, 10, end=0.5)", 5, 0.75)]
    [InlineData("inverse_time(1, 0.5)", 2, 0.5)]
    [InlineData("inverse_time(1, 0.5, power=2)", 2, 0.25)]
    [InlineData("inverse_root(1, 4)", 1, 0.5)]
    [InlineData("inverse_root(1, 4)", 3, 1)]
    [InlineData("inverse_root(1, 4)", 15, 0.5)]
    [InlineData("cosine(1, 10, periodic=true)", 20, 1)]
    [InlineData("cosine_restarts(1, 4, growth=2)", 4, 1)]
    [InlineData("cosine_restarts(1, 4, growth=2)", 8, 0.5)]
    [InlineData("cosine_restarts(1, 4, growth=2)", 12, 1)]
    [InlineData("cosine_restarts(1, 4)", 1000000006, 0.5)]
    [InlineData("one_cycle(0.2, 1, 0, 11, rise=0.5454545454545454, form=linear)", 0, 0.2)]
    [InlineData("one_cycle(0.2, 1, 0, 11, rise=0.5454545454545454, form=linear)", 5, 1)]
    [InlineData("one_cycle(0.2, 1, 0, 11, rise=0.5454545454545454, form=linear)", 99, 0)]
    [InlineData("one_cycle(0.2, 1, 0, 20, rise=0.3, three_phases=true, form=linear)", 5, 1)]
    [InlineData("one_cycle(0.2, 1, 0, 20, rise=0.3, three_phases=true, form=linear)", 10, 0.2)]
    [InlineData("one_cycle(0.2, 1, 0, 20, rise=0.3, three_phases=true, form=linear)", 19, 0)]
    [InlineData("cyclic(0, 1, 4, fall=2)", 5, 0.5)]
    [InlineData("cyclic(0, 1, 4, form=halving)", 12, 0.5)]
    [InlineData("cyclic(0, 1, 4, form=exponential, factor=0.5)", 4, 0.0625)]
    [InlineData("growth(8, 10, factor=4, end=64)", 9, 8)]
    [InlineData("growth(8, 10, factor=4, end=64)", 10, 32)]
    [InlineData("growth(8, 10, factor=4, end=64)", 20, 64)]
    [InlineData("correction(0.75)", 0, 0.5)]
    [InlineData("correction(0.75, warmup=2)", 3, 0.66143782776614768)]
    [InlineData("sequence(0.5, linear(1, 10), 5)", 4, 0.5)]
    [InlineData("sequence(0.5, linear(1, 10), 5)", 10, 0.5)]
    [InlineData("product(linear(1, 10), product(0.5, 4))", 5, 1)]
    [InlineData("minimum(0.01, inverse_root(1, 1))", 0, 0.01)]
    [InlineData("minimum(0.01, inverse_root(1, 1))", 9999, 0.01)]
    [InlineData("minimum(0.01, inverse_root(1, 1))", 39999, 0.005)]
    [InlineData("minimum(linear(1, 10), 0.5, warmup=2)", 0, 0.25)]
    [InlineData("minimum(linear(1, 10), 0.5, warmup=2)", 9, 0.3)]
    public void Gives_its_closed_form(string text, long step, double expected) =>
        Settings.Parse<Schedule>(text).At(step).ShouldBe(expected, 1e-15);

    [Theory]
    [InlineData(nameof(Gives_its_closed_form))]
    [InlineData(nameof(Prints_itself_and_reads_back))]
    public void Every_schedule_has_a_row(string test)
    {
        string rows = string.Join(' ', typeof(ScheduleTests).GetMethod(test)!.GetCustomAttributes(typeof(InlineDataAttribute), false)
            .Cast<InlineDataAttribute>().Select(row => (string)row.Data[0]!));
        Settings.Forms<Schedule>().Where(form => form.Type.Assembly == typeof(ConstantSchedule).Assembly).Select(form => form.Name)
            .Where(name => !rows.Contains(name + "(", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("constant(0.001)")]
    [InlineData("constant(0.001, warmup=5)")]
    [InlineData("linear(1e-5, 70, end=0.25, warmup=5)")]
    [InlineData("cosine(0.001, 1000, end=1e-6, warmup=100)")]
    [InlineData("multi_step(0.1, [3, 8], factor=0.1)")]
    [InlineData("multi_step(0.1, [], factor=0.1)")]
    [InlineData("one_cycle(0.1, 1, 0.01, 20, rise=0.3, three_phases=true, form=linear)")]
    [InlineData("sequence(linear(0.1, 5, end=1), product(0.5, cosine(1, 10, periodic=true)), 5)")]
    [InlineData("cyclic(0.1, 1, 4, fall=2, form=exponential, factor=0.9)")]
    [InlineData("step(0.1, 5, factor=0.5)")]
    [InlineData("exponential(2, 0.5)")]
    [InlineData("polynomial(1, 10, power=2, end=0.5)")]
    [InlineData("inverse_time(1, 0.5, power=2)")]
    [InlineData("cosine_restarts(1, 4, growth=2)")]
    [InlineData("growth(8, 10, factor=4, end=64)")]
    [InlineData("correction(0.75, warmup=2)")]
    [InlineData("minimum(0.01, inverse_root(1, 1), warmup=3)")]
    public void Prints_itself_and_reads_back(string text)
    {
        Schedule schedule = Settings.Parse<Schedule>(text);
        schedule.ToString().ShouldBe(text);
        Settings.Parse<Schedule>(schedule.ToString()).ShouldBe(schedule);
    }

    [Fact]
    public void Stays_within_the_bounds_that_it_states()
    {
        string[] texts =
        [
            "step(1, 5)", "multi_step(1, at(3, 8))", "exponential(1, 0.9)", "polynomial(1, 10, power=3, end=2)", "inverse_time(-1, 0.5)",
            "inverse_root(1, 4)",
            "cosine(1, 10, end=3, periodic=true)", "cosine_restarts(1, 4, growth=2)", "one_cycle(0.9, 0.8, 0.95, 30)",
            "cyclic(0.9, 0.8, 4, form=halving)",
            "sequence(0.5, linear(1, 10, end=-1), 5)", "product(linear(1, 10, end=-1), cosine(2, 7, end=-3))",
            "minimum(linear(1, 10, end=-1), cosine(2, 7, end=-3))", "minimum(0.5, inverse_root(1, 4))",
        ];
        foreach (string text in texts)
        {
            Schedule schedule = Settings.Parse<Schedule>(text);
            for (int t = 0; t < 60; t++)
                schedule.At(t).ShouldBeInRange(schedule.Bounds.Low - 1e-15, schedule.Bounds.High + 1e-15, $"{text} at {t}");
        }
    }

    [Theory]
    [InlineData("multi_step(0.1, [8, 3])", "[milestones] expected steps of at least 0 in ascending order, got 3 in place 2; sort them")]
    [InlineData("multi_step(0.1, 3)", "[multi_step] expected milestones to be steps as in [3, 8], got '3'; choose a value in that range")]
    [InlineData("step(0.1, 5, factor=0)", "[step] expected factor to be a finite number above 0, got 0; choose a value in that range")]
    [InlineData("one_cycle(0.1, 1, 0, 20, rise=0.5, three_phases=true)", "[one_cycle] expected rise below 0.5 with three phases, which " +
        "need it twice; choose 0.3")]
    [InlineData("sequence(1, 2, 0)", "[sequence] expected at to be a whole number of at least 1, got 0; choose a value in that range")]
    [InlineData("inverse_time(1, -1)", "[inverse_time] expected decay to be a finite number of at least 0, got -1; choose a value in " +
        "that range")]
    public void Refuses_what_makes_no_schedule(string text, string message) =>
        Should.Throw<ThalwegException>(() => Settings.Parse<Schedule>(text)).Message.ShouldBe(message);

    [Fact]
    public void Serves_any_hyperparameter()
    {
        // Both betas fall from 0.9 to 0, so that at the end the step is the sign of the gradient, whatever came before.
        Chain chain = [new ScaleByAdam { B1 = new LinearSchedule(0.9, 3), B2 = new LinearSchedule(0.9, 3), Epsilon = 1e-300 },
            new ScaleByLearningRate(1)];
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
        Should.Throw<ThalwegException>(() => ChainText.Parse("sgd(cosine(0.1, steps=10, warmup=10))"))
            .Message.ShouldBe("[cosine] expected warmup below steps, got warmup=10 and steps=10; shorten the warm-up or train longer");

    private sealed record Halving(double Start, int Every) : Schedule
    {
        public override (double Low, double High) Bounds => (0, Start);

        public override string Formula => "start / 2^floor(t/every)";

        public override string Source => "none";

        protected override double Decayed(long step) => Start / Math.Pow(2, step / Every);
    }
}
