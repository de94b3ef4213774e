using Thalweg.Runs;

namespace Thalweg.Storage.Tests;

/// <summary>A folder of its own for one test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("thalweg-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);

    public string At(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Trains a small run.</summary>
    public RunResult Train(string name, IRunIndex? index = null, ulong seed = 1, bool opensTest = false, double dropout = 0) => Run.Start(
        new Recipe
        {
            Data = new DataRecipe { Source = "moons", Samples = 60 },
            Network = new NetworkRecipe { Layers = "mlp:4", Dropout = dropout },
            Training = new TrainingRecipe { Epochs = 1 },
            Seed = seed,
        }.With("data.split.test", "0.2"),
        new RunOptions { Folder = At(name), Index = index, OpensTest = opensTest, Name = name });
}
