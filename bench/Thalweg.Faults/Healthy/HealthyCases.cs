namespace Thalweg.Faults;

/// <summary>A training with nothing wrong.</summary>
/// <param name="Name">Unique.</param>
/// <param name="Half">Calibration or scored.</param>
/// <param name="Setup">The training.</param>
internal sealed record HealthyCase(string Name, Half Half, Setup Setup)
{
    /// <summary>Whether it looks odd and is none the less as it should be.</summary>
    public bool IsOdd { get; init; }
}

/// <summary>Trainings in which nothing is wrong: a finding of a cause there is a false alarm.</summary>
internal static class HealthyCases
{
    /// <summary>All healthy trainings.</summary>
    /// <param name="folder">Folder of real data; null for drawn data alone.</param>
    public static IReadOnlyList<HealthyCase> All(string? folder = null)
    {
        ProblemSet all = new(folder);
        List<HealthyCase> cases = [];
        foreach (Problem problem in all.All)
        {
            for (int i = 0; i < 3; i++)
                Add(problem, "plain", "", isOdd: false);
        }

        // Each oddity comes twice, with data and networks of either half.
        Both(all.Clouds, all.Shells, "smoothed", "training.regularizers=label_smoothing(0.1)");
        Both(all.Clouds, all.Shells, "few-wrong-labels", "");
        Both(all.Clouds, all.Shells, "weighted-imbalance", "");
        Both(all.Moons, all.Spirals, "tiny-steps", "rate=0.003; epochs=200");
        Both(all.Bars, all.Blots, "tiny-steps", "rate=0.0015; epochs=25");
        Both(all.Clouds, all.Shells, "sparse-units", "training.regularizers=l1(0.0002); layers=mlp:48");
        Both(all.Bars, all.Blots, "heavy-dropout", "dropout=0.4; layers=cnn:8,16+64; epochs=16; rate=0.006");
        Both(all.Clouds, all.Shells, "heavy-dropout", "dropout=0.5; layers=mlp:128; epochs=30");
        Both(all.Bars, all.Blots, "batch-norm", "norm=batch");
        Both(all.Sums, all.Orders, "clipped", "clip=5");
        Both(all.Moons, all.Spirals, "momentum", "optimizer=momentum; rate=0.05; epochs=80");
        Both(all.Friedman, all.Waves, "huber", "loss=huber");
        Both(all.Friedman, all.Waves, "tanh", "activation=tanh; init=xavier_uniform");
        Both(all.Friedman, all.Waves, "deep-narrow", "layers=mlp:16,16,16,16; rate=0.005; epochs=50");
        Both(all.Sums, all.Orders, "stopped-early", "patience=6; keep=best; epochs=30");
        Both(all.Clouds, all.Shells, "full-batch", "batch=full; epochs=250; rate=0.02");
        Both(all.Bars, all.Blots, "wide", "layers=cnn:16,24+48; rate=0.004; epochs=7");
        Both(all.Moons, all.Spirals, "nesterov-cosine", "optimizer=nesterov; rate=0.05; schedule=cosine; epochs=80");
        DeepLinear();
        return cases;

        void Both(Problem calibration, Problem scored, string name, string changes)
        {
            Add(calibration, name, Special(name, calibration, changes), isOdd: true);
            Add(scored, name, Special(name, scored, changes), isOdd: true);
        }

        void Add(Problem problem, string name, string changes, bool isOdd)
        {
            bool isCalibration = problem.Half == Half.Calibration;
            ulong seed = (isCalibration ? 101UL : 102UL) + (2 * (ulong)cases.Count(item => item.Half == problem.Half));
            cases.Add(new HealthyCase(
                $"healthy/{problem.Name}-{name}-{seed}", problem.Half, Change.Apply(problem.Setup, changes).WithSeed(seed))
            { IsOdd = isOdd });
        }

        void DeepLinear()
        {
            foreach (Half half in Enum.GetValues<Half>())
            {
                ulong shift = half == Half.Calibration ? 0UL : 1UL;
                string file = DataFolder.Table($"line-{shift}", ["x0", "x1", "x2", "x3", "target"], Line(shift));
                Problem problem = half == Half.Calibration ? all.Friedman : all.Waves;
                Add(problem, "deep-linear", $"source={file}; layers=mlp:16,16,16; activation=none; init=xavier_uniform; epochs=15; rate=0.003", isOdd: true);
            }
        }
    }

    /// <summary>Oddities that lie in the data.</summary>
    private static string Special(string name, Problem problem, string changes) => (name, problem.Name) switch
    {
        ("few-wrong-labels", "clouds") => $"source={ProblemSet.CloudsFile("clouds-few-wrong", wrong: 0.06)}",
        ("few-wrong-labels", _) => $"source={ProblemSet.ShellsFile("shells-few-wrong", wrong: 0.06)}",
        ("weighted-imbalance", "clouds") => $"source={ProblemSet.CloudsFile("clouds-weighted", 900, rare: 0.1)}; data.class_weights=balanced",
        ("weighted-imbalance", _) => $"source={ProblemSet.ShellsFile("shells-weighted", 900, rare: 0.12)}; data.class_weights=balanced",
        _ => changes,
    };

    /// <summary>A target that is linear in the features.</summary>
    private static IEnumerable<object[]> Line(ulong shift)
    {
        for (int i = 0; i < 600; i++)
        {
            RandomStream random = Draws.Of(31 + shift, i);
            double[] x = [.. Enumerable.Range(0, 4).Select(_ => random.NextNormal())];
            yield return [.. x.Select(value => (object)Math.Round(value, 4)), Math.Round((2 * x[0]) - x[1] + (0.5 * x[2]) + (0.2 * random.NextNormal()), 4)];
        }
    }
}
