using Thalweg.Runs;

namespace Thalweg.Tuning.Tests.Studies;

/// <summary>Values of trials in recipes, and proposed spaces.</summary>
public sealed class RecipePointTests
{
    [Theory]
    [InlineData("training.optimizer.learning_rate=0.01", "training.optimizer.learning_rate", "0.01")]
    [InlineData("network.width=32", "network.layers", "mlp:32,32")]
    [InlineData("network.depth=3", "network.layers", "mlp:8,8,8")]
    [InlineData("network.depth=3, network.width=5", "network.layers", "mlp:5,5,5")]
    [InlineData("network.layers='mlp:4'", "network.layers", "mlp:4")]
    [InlineData("training.optimizer.name.b2=0.9", "training.optimizer.name", "adam(b2=0.9)")]
    [InlineData("training.optimizer.name=sgd", "training.optimizer.name", "sgd")]
    public void Values_go_to_their_fields(string point, string field, string expected)
    {
        Recipe recipe = new Recipe().With("network.layers", "mlp:8,8").With("training.optimizer.name", "adam");
        RecipePoint.Apply(recipe, TrialPoint.Parse(point)).GetText(field).ShouldBe(expected);
    }

    [Fact]
    public void Settings_of_layers_are_reached_by_their_index()
    {
        Recipe recipe = new Recipe().With("network.layers", "sequential([dense(64, activation=relu), dropout(0.1), dense(units=32), output])");
        Recipe changed = RecipePoint.Apply(recipe, TrialPoint.Parse(
            "'network.layers[0].units'=8, 'network.layers[0].activation'=tanh, 'network.layers[2].units'=4"));
        changed.Network.Layers.ShouldBe("sequential([dense(8, activation=tanh), dropout(0.1), dense(units=4), output])");
        RecipePoint.ValueOf(recipe, "network.layers[2].units").ShouldBe("32");
        changed.OpenData().ShouldNotBeNull();
    }

    [Theory]
    [InlineData("training.optimizer.learning_rat=log(1e-5, 1)", "learning_rate"), InlineData("nothing=int(1, 2)", "nothing")]
    [InlineData("network.layers[9].units=int(1, 2)", "from 0 to 1"), InlineData("network.layers[0].unitz=int(1, 2)", "units")]
    [InlineData("network.dropout=uniform(0, 1)", "network.dropout"), InlineData("training.epochs=uniform(1, 2.5)", "whole number")]
    [InlineData("network.width=int(1, 2)", "network.layers[0].units"), InlineData("training.optimizer.name.b2=uniform(0, 1)", "sets training.optimizer.name")]
    public void Paths_and_values_that_the_recipe_does_not_have_are_told(string text, string expected)
    {
        Recipe recipe = new Recipe().With("network.layers", "sequential([dense(64), output])");
        Should.Throw<ThalwegException>(() => RecipePoint.Check(recipe, SearchSpace.Parse(text))).Message.ShouldContain(expected);
    }

    [Fact]
    public void The_proposed_space_holds_what_the_recipe_has()
    {
        Recipe recipe = new Recipe().With("data.source", "moons").With("data.samples", 200);
        Thalweg.Data.TrainingSet training = recipe.OpenData().Split.Training;
        SearchSpace space = SpaceProposal.Of(recipe, training);
        string[] paths = [.. space.Select(parameter => parameter.Path)];
        foreach (string path in (string[])["training.optimizer.learning_rate", "training.optimizer.weight_decay", "training.batch_size", "network.dropout",
            "network.depth", "network.width", "network.activation", "network.normalization", "network.initializer"])
        {
            paths.ShouldContain(path);
        }

        RecipePoint.Check(recipe.Resolve(training).Recipe, space);
        SpaceProposal.Of(recipe.With("network.layers", "linear"), training).Select(parameter => parameter.Path).ShouldNotContain("network.depth");
        Recipe full = recipe.With("network.layers", "mlp:64,64").Resolve(training).Recipe;
        TrialPoint point = SpaceProposal.PointOf(space, full)!;
        RecipePoint.Apply(full, point).Diff(full).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("metric", "max(metric)"), InlineData("loss", "min(loss)"), InlineData("parameters", "min(parameters)"), InlineData("macro_f1", "max(macro_f1)")]
    [InlineData("mean_absolute_error", "min(mean_absolute_error)"), InlineData("max(loss)", "max(loss)")]
    public void Goals_know_their_direction(string text, string expected)
    {
        StudyGoals.TextOf(StudyGoals.Parse(text)).ShouldBe(expected);
        StudyGoals.Parse(expected).ShouldBe(StudyGoals.Parse(text));
    }
}
