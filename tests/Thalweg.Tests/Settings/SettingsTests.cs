using Thalweg.Optimizers;
using Thalweg.Regularizers;
using Thalweg.Rules;
using Thalweg.Schedules;

namespace Thalweg.Tests.SettingsTexts;

/// <summary>Records of a user are printed, read and found like those of the library.</summary>
public sealed class SettingsTests
{
    static SettingsTests()
    {
        Settings.Register<HalvingSchedule>();
        Settings.RegisterKind<Blend>("blend", SettingsValue.ListOf<Blend>());
        Settings.Register<BalancedBlend>();
        Settings.Register<MixedBlend>();
    }

    [Fact]
    public void A_schedule_of_a_user_is_used_by_name()
    {
        HalvingSchedule schedule = new(0.5, 10) { Floor = 0.1 };
        schedule.ToString().ShouldBe("halving(0.5, 10, floor=0.1)");
        Settings.Parse<Schedule>(schedule.ToString()).ShouldBe(schedule);
        Settings.Names<Schedule>().ShouldContain("halving");
        NamedOptimizer sgd = Settings.Parse<NamedOptimizer>("sgd(halving(0.5, every=10, floor=0.1))");
        sgd.LearningRate.Schedule.ShouldBe(schedule);
        sgd.LearningRate.At(20).ShouldBe(0.125);
        sgd.ToString().ShouldBe("sgd(halving(0.5, 10, floor=0.1))");
    }

    [Fact]
    public void A_schedule_of_a_user_is_found_by_nearest_name() =>
        Should.Throw<ThalwegException>(() => Settings.Parse<Schedule>("halvign(1, 2)")).Message.ShouldBe(
            "[settings] unknown schedule 'halvign'; did you mean halving?");

    [Theory]
    [InlineData("halving(1, 2, flor=0)", "[halving] unknown parameter 'flor'; did you mean floor?")]
    [InlineData("halving(1, 2, floor=-1)", "[halving] expected floor to be a finite number of at least 0, got -1; choose a value in that " +
        "range")]
    [InlineData("halving(1)", "[halving] expected start, every, got 1 of them; give all")]
    [InlineData("halving(1, 2, floor=9)", "[halving] expected floor below start, got 9 and 1; lower it")]
    public void Settings_of_a_user_are_refused_like_those_of_the_library(string text, string message) =>
        Should.Throw<ThalwegException>(() => Settings.Parse<Schedule>(text)).Message.ShouldBe(message);

    [Fact]
    public void A_kind_of_a_user_nests_and_lists()
    {
        MixedBlend mixed = new([new BalancedBlend(3), new BalancedBlend()])
        {
            Names = ["a", "b c"],
            Weights = [1, 0.5],
            Share = null,
        };
        mixed.ToString().ShouldBe("mixed([balanced(count=3), balanced], names=[a, 'b c'], weights=[1, 0.5], share=none)");
        Settings.Parse<Blend>(mixed.ToString()).ShouldBe(mixed);
        Settings.Parse<Blend>("mixed(parts=[], share=0.25)").ShouldBe(new MixedBlend([]) { Share = 0.25 });
        Settings.CanReadBack(mixed).ShouldBeTrue();
    }

    [Theory]
    [InlineData("mixed([balanced(count=x)])", "[balanced] expected count to be a whole number, got 'x'")]
    [InlineData("mixed(balanced)", "[mixed] expected parts to be a list as in [a, b], got 'balanced'")]
    [InlineData("mixed([adam])", "[settings] unknown blend 'adam'; choose one of balanced, mixed")]
    [InlineData("mixed([], weights=[1, x])", "[mixed] expected weights to be numbers as in [1, 5] or none, got '[1, x]'")]
    [InlineData("balanced(3)(4)", "[settings] expected the end at character 12, found '('")]
    [InlineData("mixed([balanced", "[settings] expected ',' or ']' at character 16, found the end")]
    [InlineData("[balanced]", "[settings] unknown blend '[balanced]'")]
    public void Values_that_do_not_fit_are_refused(string text, string message) =>
        Should.Throw<ThalwegException>(() => Settings.Parse<Blend>(text)).Message.ShouldStartWith(message);

    [Fact]
    public void Names_that_are_taken_are_refused()
    {
        Should.Throw<ThalwegException>(() => Settings.Register<CosineOfMine>("cosine")).Message.ShouldBe(
            "[settings] expected a new name for CosineOfMine, got 'cosine', which is the schedule CosineSchedule; register it " +
            "under another name");
        Should.Throw<ThalwegException>(() => Settings.Register<MyRegularizer>("mixup")).Message
            .ShouldContain("which is the regularizer Mixup");
        Should.Throw<ThalwegException>(() => Settings.Register<HalvingSchedule>("other")).Message.ShouldContain("known as halving");
        Should.Throw<ThalwegException>(() => Settings.RegisterKind<Rule>("rule")).Message.ShouldContain("Rule, which is known");
    }

    [Fact]
    public void Records_that_could_not_be_read_are_refused_when_they_are_registered()
    {
        Should.Throw<ThalwegException>(() => Settings.Register<Homeless>()).Message
            .ShouldContain("expected Homeless to derive from one of");
        Should.Throw<ThalwegException>(() => Settings.Register<Unwritten>()).Message.ShouldContain(
            "Unwritten: expected action to be of a type with a text form, got Action");
        Should.Throw<ThalwegException>(() => Settings.Register<Hidden>()).Message.ShouldContain(
            "expected a property that can be set for the parameter 'count'");
        Should.Throw<ThalwegException>(() => Settings.Register<Demanding>()).Message.ShouldContain("the required Count");
        Settings.Names<Blend>().ShouldBe(["balanced", "mixed"]);
    }

    [Fact]
    public void A_record_that_is_not_registered_says_so_in_its_text()
    {
        new Unwritten().ToString().ShouldBe("unwritten(...)");
        Settings.CanReadBack(new Unwritten()).ShouldBeFalse();
    }

    [Theory]
    [InlineData("a(b=[1, [2, x]], 'two words')", "a(b=[1, [2, x]], 'two words')")]
    [InlineData("a( \"it's\" )", "a(\"it's\")")]
    [InlineData("a('')", "a('')")]
    [InlineData("a('say ''no'' \"now\"')", "a(\"say 'no' \"\"now\"\"\")")]
    [InlineData("[]", "[]")]
    [InlineData("a()", "a")]
    public void Every_text_of_the_grammar_reads_back(string text, string printed)
    {
        SettingsNode node = SettingsNode.Read(text);
        node.ToString().ShouldBe(printed);
        SettingsNode.Read(printed).ShouldBe(node);
    }

    [Fact]
    public void Forms_tell_their_settings()
    {
        SettingsForm form = Settings.Forms<Schedule>().Single(form => form.Name == "halving");
        form.Parameters.Select(parameter => (parameter.Name, parameter.IsLeading, parameter.Default)).ShouldBe(
            [("start", true, null), ("every", true, null), ("floor", false, 0.0), ("warmup", false, 0)]);
    }
}

/// <summary>A schedule as a user writes one.</summary>
public sealed record HalvingSchedule : Schedule
{
    public HalvingSchedule(double start, int every) => (Start, Every) = (start, every);

    public double Start { get; init => field = Finite(value); }

    public int Every { get; init => field = AtLeast(1, value); }

    public double Floor { get; init => field = AtLeastZero(value); }

    public override (double Low, double High) Bounds => (Floor, Start);

    public override string Formula => "max(floor, start/2^(t/every))";

    public override string Source => "none";

    protected override string? Conflict => Floor > Start ? $"expected floor below start, got {Floor} and {Start}; lower it" : null;

    protected override double Decayed(long step) => Math.Max(Floor, Start / Math.Pow(2, step / Every));
}

/// <summary>A kind as a user writes one.</summary>
public abstract record Blend : SettingsRecord;

public sealed record BalancedBlend(int Count = 1) : Blend;

public sealed record MixedBlend(ValueList<Blend> Parts) : Blend
{
    public ValueList<string> Names { get; init; } = [];

    public ValueList<double>? Weights { get; init; }

    public double? Share { get; init; } = 0.5;
}

public sealed record CosineOfMine(double Rate) : Schedule
{
    public CosineOfMine()
        : this(1)
    {
    }

    public override (double Low, double High) Bounds => (Rate, Rate);

    public override string Formula => "rate";

    public override string Source => "none";

    protected override double Decayed(long step) => Rate;
}

public sealed record MyRegularizer : Regularizer
{
    public override string Formula => "none";

    public override string Source => "none";
}

public sealed record Homeless : SettingsRecord;

public sealed record Unwritten : Blend
{
    public Action? Action { get; init; }
}

public sealed record Hidden : Blend
{
    public Hidden(int count) => Total = count;

    public int Total { get; }
}

public sealed record Demanding : Blend
{
    public required int Count { get; init; }
}
