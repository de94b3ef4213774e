using Thalweg.Data;
using Thalweg.Training;

namespace Thalweg.Runs.Tests;

public sealed class ResolveTests
{
    private static readonly int[] s_table = [3], s_image = [1, 4, 4];

    [Fact]
    public void Every_value_that_was_filled_in_has_a_reason_and_no_other()
    {
        Recipe given = new Recipe().With("training.epochs", 5).With("network.activation", "tanh");
        ResolvedRecipe resolved = given.Resolve(Samples.Set(500, s_table));
        resolved.Given.ShouldBe(given);
        string[] filled = [.. given.Diff(resolved.Recipe).Select(difference => difference.Path)];
        resolved.Reasons.Keys.Order().ShouldBe(filled.Order());
        resolved.Reasons.Values.ShouldAllBe(reason => reason.Length > 0);
        filled.ShouldNotContain("training.epochs");
        filled.ShouldContain("training.optimizer.learning_rate");
    }

    [Fact]
    public void A_commented_recipe_reads_back_with_each_reason_above_its_value()
    {
        Recipe given = new Recipe().With("data.source", "moons").With("training.epochs", 5).With("network.layers", "mlp:8");
        ResolvedRecipe resolved = given.Resolve(Samples.Set(500, s_table));
        string text = resolved.ToCommentedYaml(head: "A recipe for people.");
        Recipe.Parse(text).ShouldBe(resolved.Recipe);
        string[] lines = text.Split('\n');
        lines[0].ShouldBe("# A recipe for people.");
        lines.ShouldAllBe(line => line.Length <= 140);
        string joined = string.Join(' ', lines.Select(line => line.Trim().TrimStart('#').Trim()));
        foreach (string reason in resolved.Reasons.Values)
            joined.ShouldContain(reason);
        int epochs = Array.FindIndex(lines, line => line.Trim() == "epochs: 5");
        epochs.ShouldBeGreaterThan(0);
        lines.ShouldContain(line => line.TrimStart().StartsWith("# patience", StringComparison.Ordinal)
            || line.TrimStart().StartsWith("patience", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(200, "table"), InlineData(5000, "table"), InlineData(12_000, "table"), InlineData(500, "images"),
        InlineData(5000, "images")]
    public void A_full_recipe_is_filled_in_no_further(int count, string kind)
    {
        foreach (string? name in new string?[] { null, "lbfgs", "sgd", "asgd", "adam(learning_rate=cosine(0.1, steps=100))",
            "chain(scale_by_learning_rate(0.1))" })
        {
            Recipe given = new Recipe().With("training.optimizer.name", name);
            TrainingSet training = Samples.Set(count, kind == "table" ? s_table : s_image);
            Recipe full = given.Resolve(training).Recipe;
            ResolvedRecipe again = full.Resolve(training);
            again.Recipe.ShouldBe(full);
            again.Reasons.ShouldBeEmpty();
        }
    }

    [Theory]
    [InlineData(250, "table", "training.early_stopping.keep", "last"), InlineData(250, "table", "training.early_stopping.patience", "0")]
    [InlineData(300, "table", "training.early_stopping.keep", "best"), InlineData(250, "images", "training.early_stopping.keep", "best")]
    [InlineData(9999, "table", "training.optimizer.name", "adamw"), InlineData(10_000, "table", "training.optimizer.name", "adam")]
    [InlineData(9999, "table", "training.optimizer.weight_decay", "1"),
        InlineData(10_000, "table", "training.optimizer.weight_decay", null)]
    [InlineData(9999, "table", "training.early_stopping.monitor", "loss"),
        InlineData(10_000, "table", "training.early_stopping.monitor", "metric")]
    [InlineData(9999, "table", "network.dropout", "0"), InlineData(10_000, "table", "network.dropout", "0.2")]
    [InlineData(9999, "table", "network.initializer", "xavier_uniform"),
        InlineData(10_000, "table", "network.initializer", "by_activation")]
    [InlineData(999, "table", "training.batch_size", "32"), InlineData(999, "images", "training.batch_size", "16")]
    [InlineData(1000, "images", "training.batch_size", "64"), InlineData(7, "images", "training.batch_size", "7")]
    [InlineData(999, "images", "network.normalization", "batch"), InlineData(1000, "images", "network.normalization", "none")]
    [InlineData(5000, "images", "training.optimizer.learning_rate", "0.003"),
        InlineData(5000, "table", "training.optimizer.learning_rate", "0.001")]
    [InlineData(5000, "images", "training.epochs", "26"), InlineData(5000, "table", "training.epochs", "64")]
    public void Defaults_depend_on_the_data(int count, string kind, string path, string? expected) =>
        new Recipe().Resolve(Samples.Set(count, kind == "table" ? s_table : s_image)).Recipe.GetText(path).ShouldBe(expected);

    [Fact]
    public void Shards_are_those_of_the_trainer()
    {
        using TemporaryFolder temporary = new();
        Recipe recipe = temporary.Recipe(epochs: 2);
        recipe.Prepare().Trainer.Options.Shards.ShouldBe(1);
        recipe.With("training.shards", "3").Prepare().Trainer.Options.Shards.ShouldBe(3);
        Should.Throw<ThalwegException>(() => recipe.With("training.shards", "0")).Message.ShouldContain("training.shards");
        Should.Throw<ThalwegException>(() => recipe.With("training.shards", "5000").Prepare().Trainer).Message.ShouldContain("4096 or fewer shards");
    }

    [Fact]
    public void A_minimizer_takes_all_samples_and_no_learning_rate()
    {
        Recipe recipe = new Recipe().With("training.optimizer.name", "lbfgs").Resolve(Samples.Set(500, s_table)).Recipe;
        recipe.Training.BatchSize.ShouldBe(TrainerOptions.FullBatch);
        recipe.Training.MicroBatchSize.ShouldBe(1024);
        recipe.Training.Optimizer.LearningRate.ShouldBeNull();
        recipe.Training.Optimizer.Schedule.ShouldBeNull();
    }

    [Theory]
    [InlineData("training.batch_schedule", "growth(8, every=2)", "training.batch_size", "training.batch_schedule")]
    [InlineData("training.batch_size", "1", "network.normalization", "2 or more samples")]
    [InlineData("training.optimizer.name", "admw", "training.optimizer.name", "did you mean adamw")]
    [InlineData("network.dropout", "0", "network.dropout_kind", "no dropout")]
    public void Fields_that_contradict_each_other_are_refused(string path, string value, string other, string expected)
    {
        Recipe recipe = new Recipe() with
        {
            Network = new NetworkRecipe { Normalization = "batch" },
            Training = new TrainingRecipe { BatchSize = 8 },
        };
        recipe = path == "network.dropout" ? recipe.With("network.dropout_kind", "alpha") : recipe;
        string message = Should.Throw<ThalwegException>(() => recipe.With(path, value).Resolve(Samples.Set(50, s_table))).Message;
        message.ShouldContain(other);
        message.ShouldContain(expected);
    }

    [Theory]
    [InlineData("sgd", "training.optimizer.schedule", "cosin", "did you mean cosine")]
    [InlineData("lbfgs", "training.optimizer.learning_rate", "0.1", "no such setting")]
    [InlineData("chain(scale_by_adam)", "training.optimizer.clip_norm", "1", "holds everything")]
    [InlineData("chain(scale_by_adam)", "training.loss", "huber", "expected a learning rate")]
    [InlineData("sgd", "training.optimizer.warmup", "5000", "shorten it")]
    [InlineData("sgd", "network.drop_path", "0.5", "residual network")]
    [InlineData("sgd", "network.initializer", "hee", "did you mean he")]
    [InlineData("sgd", "start.from_layout", "in-out", "start.from")]
    [InlineData("sgd", "network.layers", "custom", "RunOptions.Network")]
    public void A_recipe_that_cannot_be_run_is_refused(string optimizer, string path, string value, string expected)
    {
        using TemporaryFolder temporary = new();
        Recipe recipe = temporary.Recipe().With("training.optimizer.name", optimizer).With(path, value);
        string message = Should.Throw<ThalwegException>(() => Run.Create(recipe, new RunOptions { Folder = temporary.At("run") })).Message;
        message.ShouldContain(expected);
        Directory.Exists(temporary.At("run")).ShouldBeFalse();
    }

    [Theory]
    [InlineData("mlp:8,6", "relu", "batch"), InlineData("mlp:8", "maxout(3)", "layer"), InlineData("linear", null, null)]
    [InlineData("mlp:8", "prelu", "weight"), InlineData("cnn:4,8x5+12", "gelu", "group(2)"), InlineData("resnet:4x1,8x1", "relu", "batch")]
    public void A_short_form_and_its_list_of_layers_give_equal_bits(string layers, string? activation, string? normalization)
    {
        using TemporaryFolder temporary = new();
        Recipe recipe = temporary.Recipe(epochs: 2).With("network.layers", layers).With("network.activation", activation)
            .With("network.normalization", normalization).With("network.output_activation", "softmax")
                .With("training.loss", "negative_log_likelihood");
        recipe = layers.StartsWith("mlp:", StringComparison.Ordinal) || layers == "linear" ? recipe
            : recipe with { Data = new DataRecipe { Source = "glyphs", Samples = 120 } };
        recipe = layers == "linear" ? recipe.With("network.dropout", null) : recipe;
        RunData data = recipe.OpenData();
        Recipe list = recipe.Expand(data.Split.Training);
        NetworkRecipe.IsListOfLayers(list.Network.Layers).ShouldBeTrue();
        Recipe.Parse(list.ToYaml()).ShouldBe(list);
        PreparedRecipe[] both = [recipe.Prepare(data), list.Prepare(list.OpenData())];
        foreach (PreparedRecipe prepared in both)
            prepared.Trainer.Fit();
        both[1].Network.Describe().ToJsonString().ShouldBe(both[0].Network.Describe().ToJsonString());
        both[1].Network.NamedParameters().Select(item => item.Parameter.Value.ToArray<float>())
            .ShouldBe(both[0].Network.NamedParameters().Select(item => item.Parameter.Value.ToArray<float>()));
    }

    [Theory]
    [InlineData("[dense(8, activation=rellu), output]", "relu"), InlineData("[dens(8), output]", "dense"),
        InlineData("[dense(8)]", "end the list with output")]
    [InlineData("[conv(4), output]", "images"), InlineData("mpl:8", "mlp:"), InlineData("[dense(8", "at character 9"),
        InlineData("[dense(8), output]", "short form")]
    public void A_network_that_cannot_be_built_is_refused(string layers, string expected)
    {
        using TemporaryFolder temporary = new();
        Recipe recipe = temporary.Recipe().With("network.layers", layers).With("network.dropout", expected == "short form" ? 0.1 : null);
        Should.Throw<ThalwegException>(() => recipe.Prepare()).Message.ShouldContain(expected);
    }

    [Fact]
    public void A_layer_of_a_user_enters_by_its_registered_name()
    {
        using TemporaryFolder temporary = new();
        Settings.Register<BoundedSettings>("bounded_for_test");
        Recipe recipe = temporary.Recipe().With("network.dropout", null).With("network.layers", "[bounded_for_test(8), output]");
        RunResult result = Run.Start(Recipe.Parse(recipe.ToYaml()), new RunOptions { Folder = temporary.At("run") });
        result.Folder.LoadRecipe().Network.Layers.ShouldBe("[bounded_for_test(8), output]");
        RunRecord.Load(temporary.At("run")).NotReplayable.ShouldBeNull();
    }

    [Fact]
    public void A_prepared_recipe_has_all_that_trains()
    {
        using TemporaryFolder temporary = new();
        PreparedRecipe prepared = temporary.Recipe(epochs: 2).Prepare();
        prepared.Split.Training.Data.Count.ShouldBe(160);
        prepared.Network.ParameterCount.ShouldBe((5 * 8) + 8 + (8 * 2) + 2);
        prepared.OptimizerName.ShouldStartWith("adamw(cosine(0.001");
        prepared.Trainer.Fit().Reason.ShouldBe(EndReason.Completed);
        prepared.Trainer.ShouldBeSameAs(prepared.Trainer);
    }

    /// <summary>A layer of a user.</summary>
    public sealed record BoundedSettings(int Units) : Layers.LayerSettings
    {
        public override Layers.BuiltLayer Build(Layers.LayerInput input) =>
            new(new Layers.Sequential(new Layers.Dense(input.Shape[0], Units), new Layers.ActivationLayer(Activation.Tanh)),
                new Shape(Units));
    }

    [Fact]
    public void Several_recipes_can_share_data()
    {
        using TemporaryFolder temporary = new();
        Recipe recipe = temporary.Recipe(epochs: 1);
        RunData data = recipe.OpenData();
        PreparedRecipe one = recipe.Prepare(data), other = recipe.With("seed", 2).Prepare(RunData.Of(data.Split));
        one.Split.Training.ShouldBeSameAs(other.Split.Training);
        one.Recipe.Seed.ShouldNotBe(other.Recipe.Seed);
    }
}
