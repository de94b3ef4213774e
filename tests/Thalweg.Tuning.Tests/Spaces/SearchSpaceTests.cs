namespace Thalweg.Tuning.Tests.Spaces;

/// <summary>Spaces as texts and YAML, conditions, and what is refused.</summary>
public sealed class SearchSpaceTests
{
    private static readonly SearchSpace s_space = SearchSpace.Parse(
        "training.optimizer.learning_rate=log(1e-5, 1)", "network.layers[1].units=logint(16, 256) if depth >= 2 and kind in [a, b]",
        "depth=int(1, 3)", "kind=choice(a, b, c)", "rate=uniform(0, 0.5) if kind != c");

    [Fact]
    public void Text_and_yaml_read_back()
    {
        SearchSpace.Parse(s_space.ToString().Split('\n')).ShouldBe(s_space);
        SearchSpace.FromYaml(s_space.ToYaml()).ShouldBe(s_space);
        s_space.Digest.ShouldNotBe(SearchSpace.Parse("depth=int(1, 3)").Digest);
    }

    [Fact]
    public void Yaml_has_groups_and_lists()
    {
        SearchSpace space = SearchSpace.FromYaml("""
            data: moons
            search:
              training:
                optimizer: { learning_rate: "log(1e-5, 1)" }
              network.activation: [relu, gelu]
            """)!;
        space.ToString().ShouldBe("training.optimizer.learning_rate=log(1e-5, 1)\nnetwork.activation=choice(relu, gelu)");
        SearchSpace.FromYaml("data: moons").ShouldBeNull();
        Thalweg.Runs.Recipe.Parse("data: moons\nsearch: { seed: 'int(1, 3)' }").Data.Source.ShouldBe("moons");
    }

    [Fact]
    public void Parameters_whose_condition_does_not_hold_are_left_out()
    {
        s_space.FromUnit([0, 0.5, 0, 0, 0.5]).ToString().ShouldNotContain("units");
        s_space.FromUnit([0, 0.5, 0.9, 0, 0.5]).ToString().ShouldContain("units");
        TrialPoint third = s_space.FromUnit([0, 0.5, 0.9, 0.9, 0.5]);
        third.Select(value => value.Key).ShouldBe(["training.optimizer.learning_rate", "depth", "kind"]);
        double[] units = s_space.ToUnit(third);
        (double.IsNaN(units[1]), double.IsNaN(units[4])).ShouldBe((true, true));
        s_space.FromUnit([.. units.Select(unit => double.IsNaN(unit) ? 0 : unit)]).ShouldBe(third);
    }

    [Theory]
    [InlineData("a=int(1, 2)", "a=int(1, 3)", "a 2 times")]
    [InlineData("a=int(1, 2) if b = 1", "b=int(1, 2) if a = 1", "circle")]
    [InlineData("rate=int(1, 2)", "b=int(1, 2) if rats = 1", "rate")]
    [InlineData("kind=choice(relu, gelu)", "b=int(1, 2) if kind = rely", "relu")]
    [InlineData("kind=choice(relu, gelu)", "b=int(1, 2) if kind > x", "number")]
    [InlineData("a=int(1, 2)", "b=int(1, 2) if a ~ 1", "condition")]
    [InlineData("a=int(1, 2)", "b", "path and a distribution")]
    public void What_cannot_be_is_refused_in_one_line(string first, string second, string fact)
    {
        ThalwegException error = Should.Throw<ThalwegException>(() => SearchSpace.Parse(first, second));
        error.Message.ShouldContain(fact);
        error.Message.ShouldNotContain('\n');
    }

    [Fact]
    public void An_error_in_a_file_names_its_line()
    {
        string message = Should.Throw<ThalwegException>(() => SearchSpace.FromYaml("search:\n  seed: int(1, 3)\n  rate: log(0, 1)")).Message;
        message.ShouldContain("line 3");
        message.ShouldContain("rate");
        Should.Throw<ThalwegException>(() => new SearchSpace()).Message.ShouldContain("at least one");
    }

    [Theory]
    [InlineData("depth=9, kind=c, training.optimizer.learning_rate=0.1", "[1, 3]")]
    [InlineData("depht=1, kind=c, training.optimizer.learning_rate=0.1", "depth")]
    [InlineData("depth=1, kind=c", "learning_rate")]
    [InlineData("depth=1, kind=c, training.optimizer.learning_rate=0.1, rate=0.1", "unless")]
    public void Points_outside_are_refused(string text, string fact) =>
        Should.Throw<ThalwegException>(() => s_space.Check(TrialPoint.Parse(text))).Message.ShouldContain(fact);

    [Fact]
    public void Points_read_back()
    {
        TrialPoint point = s_space.FromUnit([0.3, 0.4, 0.9, 0.4, 0.2]);
        TrialPoint.Parse(point.ToString()).ShouldBe(point);
        TrialPoint.Parse("a='mlp:64,32', b=adam(b2=0.9)")["b"].ShouldBe(new TrialValue("adam(b2=0.9)"));
        Should.Throw<ThalwegException>(() => TrialPoint.Parse("a=1, a=2")).Message.ShouldContain("twice");
    }
}
