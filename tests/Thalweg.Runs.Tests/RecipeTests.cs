using Thalweg.Training;

namespace Thalweg.Runs.Tests;

public sealed class RecipeTests
{
    /// <summary>A value for each kind of field that is not its default.</summary>
    private static readonly Dictionary<string, object> s_values = new()
    {
        ["data.source"] = "some data.csv",
        ["data.samples"] = 123,
        ["run.spike_factor"] = 4.5,
        ["run.checkpoint_every"] = "100steps",
        ["data.task"] = TargetKind.Regression,
        ["data.split.test"] = "0.2",
        ["data.split.validation"] = 0.25,
        ["data.split.limit"] = 77,
        ["data.split.seed"] = 9UL,
        ["data.ignored_columns"] = ValueList.Of<string>(["a, b", "c\"d", " e"]),
        ["data.categorical_columns"] = ValueList.Of<string>(["x"]),
        ["data.reading.separator"] = '\t',
        ["data.reading.comment"] = '\0',
        ["data.reading.has_header"] = false,
        ["data.reading.layout"] = Data.ImageLayout.ChannelsLast,
        ["data.reading.thousands_mark"] = '\'',
        ["data.reading.column_names"] = ValueList.Of<string>(["null", "~", "1"]),
        ["data.reading.missing_words"] = ValueList.Of<string>(["n/a", "-"]),
        ["training.batch_size"] = TrainerOptions.FullBatch,
        ["training.early_stopping.keep"] = KeptWeights.Last,
        ["network.dropout"] = 0.1 + 0.2,
        ["seed"] = ulong.MaxValue,
        ["precision"] = DType.Float64,
    };

    public static TheoryData<string> Paths => [.. Recipe.Paths];

    [Theory, MemberData(nameof(Paths))]
    public void Each_field_is_written_and_read_back(string path)
    {
        Recipe recipe = new Recipe().With(path, ValueOf(path));
        recipe.Get(path).ShouldNotBe(new Recipe().Get(path));
        Recipe.Parse(recipe.ToYaml()).ShouldBe(recipe);
        new Recipe().With(path, recipe.GetText(path)).ShouldBe(recipe);
        new Recipe().Diff(recipe).Select(difference => difference.Path).ShouldBe([path]);
        recipe.With(path, null).ShouldBe(new Recipe());
    }

    [Fact]
    public void All_fields_together_are_written_and_read_back()
    {
        Recipe recipe = Recipe.Paths.Aggregate(new Recipe(), (current, path) => current.With(path, ValueOf(path)));
        Recipe read = Recipe.Parse(recipe.ToYaml());
        read.ShouldBe(recipe);
        read.GetHashCode().ShouldBe(recipe.GetHashCode());
        read.Diff(recipe).ShouldBeEmpty();
        read.ToYaml().ShouldBe(recipe.ToYaml());
    }

    [Theory]
    [InlineData("null"), InlineData("~"), InlineData("# x"), InlineData("a: b"), InlineData("[x"), InlineData("{"), InlineData("'"), InlineData("\"")]
    [InlineData("two\nlines"), InlineData(" blank "), InlineData("- x"), InlineData("tab\there"), InlineData("ä € 𝛼"), InlineData("&a"), InlineData("*a")]
    public void Strings_that_mean_something_in_yaml_are_quoted(string text)
    {
        Recipe recipe = new Recipe().With("data.target", text) with { Data = new DataRecipe { Target = text, IgnoredColumns = [text, text] } };
        Recipe.Parse(recipe.ToYaml()).ShouldBe(recipe);
    }

    [Fact]
    public void A_group_may_be_written_as_its_main_field()
    {
        Recipe recipe = Recipe.Parse("data: x.csv\nnetwork: mlp:8\ntraining:\n  optimizer: sgd\n");
        recipe.Data.Source.ShouldBe("x.csv");
        recipe.Network.Layers.ShouldBe("mlp:8");
        recipe.Training.Optimizer.Name.ShouldBe("sgd");
    }

    [Theory]
    [InlineData("network: [dense(8), output]"), InlineData("network:\n  - dense(8)\n  - output\n"), InlineData("network: { layers: [dense: 8, output: ] }")]
    [InlineData("network:\n  layers: sequential([dense(8), output])"), InlineData("network:\n  - dense: { units: 8 }\n  - output\n")]
    public void A_network_may_be_a_list_of_layers(string yaml)
    {
        Recipe recipe = Recipe.Parse(yaml);
        recipe.Network.Layers.ShouldBeOneOf("sequential([dense(8), output])", "sequential([dense(units=8), output])");
        Recipe.Parse(recipe.ToYaml()).ShouldBe(recipe);
        recipe.ToYaml().ShouldContain("- output\n");
    }

    [Fact]
    public void Layers_nest_in_yaml()
    {
        Recipe recipe = Recipe.Parse("""
            network:
              - conv: { channels: 8, padding: 1 }
              - residual:
                  - conv(8, padding=1)
                  - batch_norm
                  - activation: relu
              - flatten
              - output: { activation: sigmoid, initializer: he_normal(2) }
            """);
        recipe.Network.Layers.ShouldBe("sequential([conv(channels=8, padding=1), residual([conv(8, padding=1), batch_norm, activation(relu)]), "
            + "flatten, output(activation=sigmoid, initializer=he_normal(2))])");
    }

    [Fact]
    public void Groups_and_fields_are_addressed_by_path()
    {
        Recipe recipe = new Recipe().With("training.optimizer.learning_rate", 0.1).With("training.epochs", "7").With("training.batch_size", "full");
        recipe.Training.Optimizer.LearningRate.ShouldBe(0.1);
        recipe.Training.Epochs.ShouldBe(7);
        recipe.Training.BatchSize.ShouldBe(TrainerOptions.FullBatch);
        recipe.Get("training.optimizer").ShouldBe(recipe.Training.Optimizer);
        recipe.GetText("training.batch_size").ShouldBe("full");
        recipe.With("training.optimizer.learning_rate", 1).Training.Optimizer.LearningRate.ShouldBe(1.0);
        recipe.With("data.ignored_columns", new List<string> { "a", "b" }).Data.IgnoredColumns.ShouldBe(["a", "b"]);
    }

    [Theory]
    [InlineData("training.optimizer.learning_rat", "training.optimizer.learning_rate")]
    [InlineData("sed", "seed")]
    public void An_unknown_path_names_the_nearest(string path, string nearest) =>
        Should.Throw<ThalwegException>(() => new Recipe().Get(path)).Message.ShouldContain(nearest);

    [Theory]
    [InlineData("training.optimizer.learning_rate", "0", "above 0"), InlineData("training.optimizer.learning_rate", "NaN", "finite")]
    [InlineData("network.dropout", "1", "up to, but not, 1"), InlineData("training.epochs", "0", "1 or more")]
    [InlineData("training.epochs", "many", "'many'"), InlineData("training.batch_size", "-1", "full"), InlineData("training.batch_size", "0", "full")]
    [InlineData("training.last_batch", "droped", "did you mean dropped"), InlineData("seed", "-1", "0 or more")]
    [InlineData("data.reading.separator", "ab", "one character"), InlineData("precision", "int32", "float32, float64")]
    [InlineData("data.target", "", "not empty"), InlineData("data.ignored_columns", "a,,b", "separated by commas")]
    public void A_value_out_of_range_is_refused(string path, string text, string expected)
    {
        string message = Should.Throw<ThalwegException>(() => new Recipe().With(path, text)).Message;
        message.ShouldStartWith(path + ": expected ");
        message.ShouldContain(expected);
    }

    [Fact]
    public void A_value_that_was_set_in_code_is_refused_when_the_recipe_is_used()
    {
        Recipe recipe = new() { Training = new TrainingRecipe { Epochs = 0 } };
        Should.Throw<ThalwegException>(() => recipe.Prepare()).Message.ShouldStartWith("training.epochs: ");
        Should.Throw<ThalwegException>(() => new Recipe().With("training.epochs", 0)).Message.ShouldContain("1 or more");
        Should.Throw<ThalwegException>(() => new Recipe().With("training.epochs", DayOfWeek.Friday)).Message.ShouldContain("Friday");
    }

    [Theory]
    [InlineData("training:\n  epochs: 3\n  optimizr: sgd", "line 3", "did you mean optimizer")]
    [InlineData("training:\n  learning_rate: 1", "line 2", "did you mean training.optimizer.learning_rate")]
    [InlineData("sed: 3", "line 1", "did you mean seed")]
    [InlineData("training:\n  epochs: [1, 2]", "line 2", "training.epochs: expected")]
    [InlineData("training:\n  epochs: 0", "line 2", "training.epochs: expected a whole number of 1 or more")]
    [InlineData("training: 3", "line 1", "fields of training")]
    [InlineData("data: {source: [a]}\nseed: {", "line", "YAML")]
    [InlineData("- 1", "line 1", "one recipe")]
    [InlineData("seed: 1\n---\nseed: 2", "2 documents", "one recipe")]
    [InlineData("seed: 1\nseed: 2", "line 2", "seed")]
    [InlineData("recipe_version: two", "line 1", "recipe_version")]
    public void A_bad_file_names_the_line(string yaml, params string[] parts)
    {
        string message = Should.Throw<ThalwegException>(() => Recipe.Parse(yaml)).Message;
        message.ShouldNotContain('\n');
        foreach (string part in parts)
            message.ShouldContain(part);
    }

    [Fact]
    public void A_newer_version_is_refused_before_its_fields_are_read()
    {
        string message = Should.Throw<ThalwegException>(() => Recipe.Parse("future: 1\nrecipe_version: 2")).Message;
        message.ShouldContain("update Thalweg");
        Recipe.Parse("seed: 4").Seed.ShouldBe(4UL);
        Recipe.Parse("").ShouldBe(new Recipe());
        Recipe.Parse("seed: 4\ndata:\n  target: ~\n  split:\n").ShouldBe(new Recipe { Seed = 4 });
    }

    [Fact]
    public void A_missing_file_is_named() =>
        Should.Throw<ThalwegException>(() => Recipe.Load("nowhere/recipe.yaml")).Message.ShouldStartWith("nowhere/recipe.yaml: ");

    [Fact]
    public void A_list_of_strings_has_a_text()
    {
        RecipeField field = RecipeField.Find("data.ignored_columns");
        ValueList<string> list = ["a", "b, c", "d\"e", " f "];
        field.Parse(field.Format(list)!).ShouldBe(list);
        field.Parse("a, b").ShouldBe(ValueList.Of<string>(["a", "b"]));
    }

    internal static object ValueOf(string path)
    {
        if (s_values.TryGetValue(path, out object? value))
            return value;
        RecipeField field = RecipeField.Find(path);
        return field.IsChoice ? field.Choices[^1] == "false" ? true : field.Choices[^1] : field.Expected("") switch
        {
            { } words when words.StartsWith("a string", StringComparison.Ordinal) => "text(1, [2], \"x\")",
            { } words when words.StartsWith("one character", StringComparison.Ordinal) => ';',
            { } words when words.StartsWith("names", StringComparison.Ordinal) => ValueList.Of<string>(["0.*", "*.bias"]),
            { } words when words.StartsWith("a whole number", StringComparison.Ordinal) => 12,
            _ => 0.625,
        };
    }
}
