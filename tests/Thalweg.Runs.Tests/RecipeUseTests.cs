using Thalweg.Data;

namespace Thalweg.Runs.Tests;

/// <summary>What a recipe asks for beside its network and its training: weights of classes, a start, a section of its own, a file.</summary>
public sealed class RecipeUseTests
{
    [Fact]
    public void Balanced_weights_give_every_class_the_same_sum_and_given_ones_are_taken()
    {
        using TemporaryFolder temporary = new();
        Recipe recipe = temporary.Recipe();
        double[] balanced = Sums(recipe.With("data.class_weights", "balanced"));
        balanced[0].ShouldBe(balanced[1], 1e-4);
        double[] plain = Sums(recipe), given = Sums(recipe.With("data.class_weights", "no=3, yes=0.5"));
        given[0].ShouldBe(3 * plain[0], 1e-4);
        given[1].ShouldBe(0.5 * plain[1], 1e-4);

        static double[] Sums(Recipe recipe)
        {
            Dataset data = recipe.OpenData().Split.Training.Data;
            int[] samples = [.. Enumerable.Range(0, data.Count)], labels = new int[data.Count];
            float[] weights = new float[data.Count];
            data.GatherLabels(samples, labels);
            data.GatherWeights<float>(samples, weights);
            return [.. data.ClassNames.Select((_, label) => samples.Where(i => labels[i] == label).Sum(i => (double)weights[i]))];
        }
    }

    [Theory]
    [InlineData("maybe=2", "maybe")]
    [InlineData("yes=-1", "yes=-1")]
    [InlineData("yes=inf", "yes=inf")]
    [InlineData("yes", "'yes'")]
    public void Weights_that_cannot_be_are_refused(string weights, string fact)
    {
        using TemporaryFolder temporary = new();
        string message = Should.Throw<ThalwegException>(() => temporary.Recipe().With("data.class_weights", weights).OpenData()).Message;
        message.ShouldContain("data.class_weights");
        message.ShouldContain(fact);
    }

    [Fact]
    public void Weights_of_classes_are_refused_for_numbers()
    {
        using TemporaryFolder temporary = new();
        Recipe recipe = temporary.Recipe().With("data.target", "x").With("data.class_weights", "balanced");
        Should.Throw<ThalwegException>(recipe.OpenData).Message.ShouldContain("expected classes");
    }

    [Fact]
    public void A_start_is_taken_over_scaled_pretrained_and_gets_the_bias_of_the_classes()
    {
        using TemporaryFolder temporary = new();
        Recipe recipe = temporary.Recipe(epochs: 1);
        Run.Start(recipe, new RunOptions { Folder = temporary.At("first") });
        string model = temporary.At("first/model.safetensors");
        Started(recipe.With("start.from", model)).ShouldHaveSingleItem().ShouldContain(model);
        IReadOnlyList<string> rest = Started(
            recipe.With("start.lsuv", true).With("start.pretraining_epochs", 1).With("start.output_bias", true));
        rest.Select(line => line.Split(':')[0]).ShouldBe(["lsuv", "pretrained", "output bias"]);
        Should.Throw<ThalwegException>(() => Started(recipe.With("start.from", model).With("start.lsuv", true))).Message
            .ShouldContain("start.lsuv");
        Should.Throw<ThalwegException>(() => Started(recipe.With("start.from_layout", "out_in"))).Message.ShouldContain("start.from");

        static IReadOnlyList<string> Started(Recipe recipe) => recipe.Prepare().Start;
    }

    [Fact]
    public void A_section_of_another_reader_is_kept_apart_and_read_back()
    {
        const string Text = "seed: 3\nsearch:\n  training:\n    optimizer.learning_rate: log(1e-4, 1)\n    batch_size: [16, 32]\n  seed: choice(1, 2)\n";
        IReadOnlyList<RecipeSectionEntry> entries = RecipeSection.Parse(Text, "search");
        entries.Select(entry => entry.Path).ShouldBe(["training.optimizer.learning_rate", "training.batch_size", "seed"]);
        entries[0].Text.ShouldBe("log(1e-4, 1)");
        entries[1].Items.ShouldBe(["16", "32"]);
        entries[1].Location.ShouldContain("line 5");
        Recipe.Parse(Text).Seed.ShouldBe(3UL);
        string written = RecipeSection.Write("search", entries);
        RecipeSection.Parse(written, "search").Select(entry => (entry.Path, entry.Text)).ShouldBe(entries.Select(entry => (entry.Path, entry.Text)));
        RecipeSection.Parse("seed: 3\nsearch:\n", "search").ShouldBeEmpty();
        Should.Throw<ThalwegException>(() => RecipeSection.Parse("search: 3\n", "search")).Message.ShouldContain("line 1");
        Should.Throw<ThalwegException>(() => RecipeSection.Parse("search:\n  a: [[1]]\n", "search")).Message.ShouldContain("line 2");
    }

    [Fact]
    public void A_full_recipe_is_written_with_its_reasons_and_replaces_nothing_unasked()
    {
        using TemporaryFolder temporary = new();
        Recipe recipe = temporary.Recipe();
        RunData data = recipe.OpenData();
        ResolvedRecipe full = recipe.Resolve(data.Split.Training);
        full.Save(temporary.At("run.yaml"), data: data.Split, head: "how to run it");
        string text = File.ReadAllText(temporary.At("run.yaml"));
        text.ShouldContain("# how to run it");
        text.ShouldContain(full.Reasons["training.batch_size"]);
        Recipe.Load(temporary.At("run.yaml")).Diff(full.Recipe).ShouldBeEmpty();
        Should.Throw<ThalwegException>(() => full.Save(temporary.At("run.yaml"))).Message.ShouldContain("found one");
        Should.Throw<ThalwegException>(() => full.Save(temporary.Folder, replaces: true)).Message.ShouldContain("found a folder");
        full.Save(temporary.At("run.yaml"), replaces: true);
    }
}
