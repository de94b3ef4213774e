using Thalweg.Fuzz.Mutation;
using Thalweg.Runs;
using Thalweg.Training;

namespace Thalweg.Fuzz.Targets;

/// <summary>States of training runs, restored into trainers of the same recipe.</summary>
internal sealed class CheckpointTarget() : FuzzTarget("checkpoint")
{
    private const string FileName = "training.safetensors";

    private readonly List<(Trainer Trainer, byte[] State)> _runs = [];

    /// <inheritdoc/>
    public override void Prepare(string folder)
    {
        string path = Path.Combine(folder, FileName);
        foreach (Recipe recipe in SmallRuns.Recipes(folder).Take(3))
        {
            RunData data = recipe.OpenData();
            Trainer trainer = recipe.Prepare(data).Trainer;
            trainer.Fit();
            TrainingCheckpoint.Save(trainer, path);
            _runs.Add((recipe.Prepare(data).Trainer, File.ReadAllBytes(path)));
        }
    }

    /// <inheritdoc/>
    public override FuzzInput Make(Draws draws)
    {
        int run = draws.Below(_runs.Count);
        return new([(FileName, SignedFile.Change(draws, _runs[run].State, draws.Of(_runs).State))], (draws.Bits() << 8) | (uint)run);
    }

    /// <inheritdoc/>
    public override void Read(string folder, FuzzInput input) =>
        TrainingCheckpoint.Restore(_runs[(int)(input.Choice & 0xFF)].Trainer, input.PathIn(folder));
}
