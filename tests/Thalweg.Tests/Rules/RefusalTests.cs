using System.Reflection;
using Thalweg.Optimizers;
using Thalweg.Rules;
using Thalweg.Schedules;

namespace Thalweg.Tests.Rules;

public sealed class RefusalTests
{
    public static TheoryData<string, string> Texts => new()
    {
        { "sgd(-0.1)", "[sgd] expected learning_rate to be a finite number of at least 0, got -0.1; choose a value in that range" },
        { "sgd(nan)", "[sgd] expected learning_rate to be a finite number of at least 0, got NaN; choose a value in that range" },
        { "sgd(infinity)", "[sgd] expected learning_rate to be a finite number of at least 0, got Infinity; choose a value in that range" },
        { "sgd(linear(0.1, 10, end=-0.1))", "[sgd] expected learning_rate to be a finite number of at least 0, got linear(0.1, 10, " +
            "end=-0.1); choose a value in that range" },
        { "scale_by_learning_rate(-1)", "[scale_by_learning_rate] expected learning_rate to be a finite number of at least 0, got -1; " +
            "choose a value in that range" },
        { "scale_by_adam(b1=1)", "[scale_by_adam] expected b1 to be in [0, 1), got 1; choose a value in that range" },
        { "adam(b2=-0.1)", "[adam] expected b2 to be in [0, 1), got -0.1; choose a value in that range" },
        { "adam(b2=nan)", "[adam] expected b2 to be in [0, 1), got NaN; choose a value in that range" },
        { "adam(epsilon=-1e-8)", "[adam] expected epsilon to be a finite number above 0, got -1e-8; choose a value in that range" },
        { "adam(epsilon=0)", "[adam] expected epsilon to be a finite number above 0, got 0; choose a value in that range" },
        { "adam(decay=-1)", "[adam] expected decay to be a finite number of at least 0, got -1; choose a value in that range" },
        { "add_sign(-1)", "[add_sign] expected decay to be a finite number of at least 0, got -1; choose a value in that range" },
        { "shrink_weights(1.5)", "[shrink_weights] expected share to be in [0, 1), got 1.5; choose a value in that range" },
        { "clip_by_global_norm(0)", "[clip_by_global_norm] expected maximum to be a finite number above 0, got 0; choose a value in that " +
            "range" },
        { "clip_by_value(-1)", "[clip_by_value] expected limit to be a finite number above 0, got -1; choose a value in that range" },
        { "scale(nan)", "[scale] expected factor to be a finite number, got NaN; choose a value in that range" },
        { "momentum(mu=1)", "[momentum] expected mu to be in [0, 1), got 1; choose a value in that range" },
        { "sgd(cosine(0.1, 0))", "[cosine] expected steps to be a whole number of at least 1, got 0; choose a value in that range" },
        { "sgd(constant(nan))", "[constant] expected value to be a finite number, got NaN; choose a value in that range" },
        { "sgd(constant(0.1, warmup=-1))", "[constant] expected warmup to be a whole number of at least 0, got -1; choose a value in " +
            "that range" },
        { "adam(form=no_epsilon)", "[scale_by_adam] expected form separate or folded, got no_epsilon, which is 0/0 where no gradient has " +
            "arrived; choose separate" },
        { "adam(form=folded, ams_grad=raw_maximum)", "[scale_by_adam] expected form separate with ams_grad, got folded; leave one of " +
            "them out" },
        { "scale_by_momentum(form=averaged, dampening=0.5)", "[scale_by_momentum] expected no dampening in the averaged form, which has " +
            "its own; choose form=sum" },
        { "scale_by_momentum(nesterov=rearranged, dampening=0.5)", "[scale_by_momentum] expected no dampening with nesterov; leave one " +
            "of them out" },
        { "scale_by_momentum(debias=true)", "[scale_by_momentum] expected debias with the averaged form only, got it with sum; choose " +
            "form=averaged" },
        { "scale_by_momentum(form=averaged, nesterov=rearranged, debias=true)", "[scale_by_momentum] expected debias without nesterov; " +
            "leave one of them out" },
    };

    [Theory]
    [MemberData(nameof(Texts))]
    public void Settings_out_of_range_are_refused_in_one_line(string text, string message) =>
        Should.Throw<ThalwegException>(() => ChainText.Parse(text)).Message.ShouldBe(message);

    [Fact]
    public void Settings_out_of_range_are_refused_by_constructors_too()
    {
        Should.Throw<ThalwegException>(() => new Adam(double.NaN));
        Should.Throw<ThalwegException>(() => new Adam { B1 = 1 });
        Should.Throw<ThalwegException>(() => new Adam() with { Decay = -1 });
        Should.Throw<ThalwegException>(() => new ScaleByLearningRate(new ConstantSchedule(-1)));
        Should.Throw<ThalwegException>(() => new Sgd(new CosineSchedule(1, 5) { Warmup = 5 }));
    }

    /// <summary>All that has a text form, by its name.</summary>
    public static TheoryData<string> Forms => [.. Settings.Forms<Described>().Select(form => form.Name)];

    [Theory]
    [MemberData(nameof(Forms))]
    public void Numbers_that_are_none_are_refused_whatever_the_setting(string name)
    {
        SettingsForm form = Settings.Forms<Described>().Single(form => form.Name == name);
        foreach (PropertyInfo property in form.Parameters.Select(parameter => parameter.Property))
        {
            if (property.PropertyType != typeof(double) && property.PropertyType != typeof(Hyperparameter))
                continue;
            object nan = property.PropertyType == typeof(double) ? (object)double.NaN : (Hyperparameter)double.NaN;
            string line = Should.Throw<ThalwegException>(() => form.With((property, nan)), $"{name}: {property.Name}").Message;
            line.ShouldStartWith($"[{name}] expected {SettingsText.Snake(property.Name)} ");
            line.ShouldContain("NaN");
            line.ShouldNotContain('\n');
        }
    }

    [Fact]
    public void Vectors_that_do_not_fit_are_refused()
    {
        OptimizerRun run = new(new Sgd(), ParameterSegments.Single(3));
        Should.Throw<ThalwegException>(() => run.Step<float>(new float[3], new float[2]))
            .Message.ShouldBe("[optimizer] expected 3 parameters and gradients, got 3 and 2; pass the flat vectors of the network");
        Should.Throw<ThalwegException>(() => run.Step<double>(new double[3], new double[3]))
            .Message.ShouldBe("[optimizer] expected elements of Float32, got Double; make the run with the parameters' type");
        Should.Throw<ThalwegException>(() => new OptimizerRun(new Sgd(), ParameterSegments.Single(3), DType.Int32))
            .Message.ShouldBe("[optimizer] expected parameters of Float32 or Float64, got Int32; convert them first");
    }

    [Fact]
    public void Segments_that_overlap_are_refused() =>
        Should.Throw<ThalwegException>(() => new ParameterSegments(new ParameterSegment("a", 0, 5), new ParameterSegment("b", 4, 5)))
            .Message.ShouldBe("[parameters] expected 'b' to begin at 5 or later with a length of at least 0, got offset 4 and length 5; " +
                "give the segments in order, without overlap");
}
