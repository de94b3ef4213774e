using System.CommandLine;
using System.Globalization;
using Thalweg.Runs;
using Thalweg.Training;

namespace Thalweg.Tuning.Bench;

/// <summary>`tabulate`: trains each point of some small spaces once, and writes the validation loss after each epoch.</summary>
internal static class TabulateCommand
{
    private const int Epochs = 27;

    private static readonly (string Name, string Data, int Samples, string[] Space)[] s_tables =
    [
        ("spirals", "spirals", 500,
            ["rate=steps(-4, 0, 0.5)", "width=int(2, 6)", "activation=choice(relu, tanh, gelu)", "optimizer=choice(sgd, momentum, adam)"]),
        ("moons", "moons", 300, ["rate=steps(-4, 0, 0.5)", "decay=steps(-5, -1, 1)", "width=int(1, 5)", "depth=int(1, 3)"]),
        ("glyphs", "glyphs", 400,
            ["rate=steps(-4, 0, 0.5)", "dropout=steps(0, 0.6, 0.2)", "batch=int(3, 6)", "normalization=choice(none, batch, layer)"]),
        ("xor", "xor", 300, ["rate=steps(-4, 0, 0.5)", "width=int(1, 4)", "optimizer=choice(sgd, nesterov, adam, rmsprop)", "batch=int(3, 6)"]),
    ];

    public static Command Create()
    {
        Argument<string> folder = new("folder") { Description = "Where the tables go; a table that is there is left as it is." };
        Command command = new("tabulate", "Trains the tables of real trainings.") { folder };
        command.SetAction(result => Run(result.GetRequiredValue(folder)));
        return command;
    }

    private static int Run(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach ((string name, string data, int samples, string[] texts) in s_tables)
        {
            string file = Path.Combine(folder, name + ".tsv");
            if (File.Exists(file))
                continue;
            Recipe recipe = new()
            {
                Data = new DataRecipe { Source = data, Samples = samples },
                Training = new TrainingRecipe { Epochs = Epochs, EarlyStopping = new EarlyStoppingRecipe { Patience = 0, Monitor = "loss" } },
                Threads = 1,
            };
            recipe = recipe.With("data.split.validation", "0.4").With("data.split.test", "none");
            RunData opened = recipe.OpenData();
            SearchSpace space = SearchSpace.Parse(texts);
            List<string> lines = [$"# {string.Join(';', texts)}"];
            foreach (TrialPoint point in Points(space))
                lines.Add($"{point}\t{string.Join('\t', Losses(Apply(recipe, point), opened).Select(loss => loss.ToString("G6", CultureInfo.InvariantCulture)))}");
            File.WriteAllLines(file, lines);
            Console.WriteLine($"{name}: {lines.Count - 1} trainings");
        }

        return 0;
    }

    private static IEnumerable<TrialPoint> Points(SearchSpace space)
    {
        long count = space.PointCount!.Value;
        for (long number = 0; number < count; number++)
        {
            long rest = number;
            double[] units = new double[space.Count];
            for (int i = 0; i < units.Length; i++)
            {
                long levels = space[i].Distribution.Count!.Value;
                units[i] = ((rest % levels) + 0.5) / levels;
                rest /= levels;
            }

            yield return space.FromUnit(units);
        }
    }

    private static Recipe Apply(Recipe recipe, TrialPoint point)
    {
        int depth = point.Has("depth") ? (int)point.Number("depth") : 1;
        int width = 1 << (point.Has("width") ? (int)point.Number("width") : 5);
        recipe = recipe
            .With("training.optimizer.learning_rate", Math.Pow(10, point.Number("rate")))
            .With("training.optimizer.name", point.Has("optimizer") ? point.Word("optimizer") : "adam")
            .With("network.layers", $"mlp:{string.Join(',', Enumerable.Repeat(width, depth))}")
            .With("training.batch_size", point.Has("batch") ? 1 << (int)point.Number("batch") : 16);
        foreach ((string name, string path) in new[] { ("activation", "network.activation"), ("dropout", "network.dropout"), ("normalization", "network.normalization") })
            recipe = point.Has(name) ? recipe.With(path, point.Word(name)) : recipe;
        return point.Has("decay") ? recipe.With("training.optimizer.weight_decay", Math.Pow(10, point.Number("decay"))) : recipe;
    }

    /// <summary>Losses after each epoch, at most 10: what diverges is as bad as can be.</summary>
    private static double[] Losses(Recipe recipe, RunData data)
    {
        TrainingReport report = recipe.Prepare(data).Trainer.Fit();
        double[] losses = [.. report.Epochs.Select(epoch => epoch.Validation.Loss)];
        return [.. Enumerable.Range(0, Epochs).Select(i => i < losses.Length && losses[i] < 10 ? losses[i] : 10)];
    }
}
