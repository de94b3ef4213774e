using Thalweg.Runs;
using Thalweg.Tuning;

namespace Thalweg.Samples;

internal static class RandomAgainstGrid
{
    private const int Trials = 16, Repetitions = 5;

    public static void Run(TextWriter output)
    {
        // Only the first of the four matters much, as is usual: a grid of 16 points tries it at two values, random search at 16.
        SearchSpace space = SearchSpace.Parse(
            "training.optimizer.learning_rate=log(1e-5, 10)", "training.optimizer.weight_decay=log(1e-8, 1e-3)",
            "network.dropout=uniform(0, 0.1)", "training.optimizer.clip_norm=log(1, 100)");
        Recipe recipe = Recipe.Parse("""
            data: { source: moons, samples: 200, split: { validation: 0.4, test: none } }
            network: mlp:16
            training: { epochs: 10, batch_size: 20 }
            """);
        RunData data = recipe.OpenData();
        double Loss(TrialPoint point)
        {
            Recipe changed = point.Aggregate(recipe, (each, setting) => each.With(setting.Key, setting.Value.Text));
            double best = changed.Prepare(data).Trainer.Fit().Epochs.Min(epoch => epoch.Validation.Loss);
            return double.IsFinite(best) ? best : double.PositiveInfinity;
        }

        double Best(Sampler sampler, ulong seed) => Enumerable.Range(0, Trials)
            .Min(number => Loss(sampler.Suggest(new(space, [new("loss", Maximize: false)], [], [], number, seed))));

        double grid = Best(new GridSampler(2), 1);
        double[] random = [.. Enumerable.Range(1, Repetitions).Select(seed => Best(new RandomSampler(), (ulong)seed)).Order()];
        output.WriteLine($"{Trials} trainings each, best validation loss");
        output.WriteLine($"grid of 2 x 2 x 2 x 2: {grid:f4}");
        output.WriteLine($"random over log scales: {random[Repetitions / 2]:f4} in the middle of {Repetitions} searches, {random[^1]:f4} in the worst");
    }
}
