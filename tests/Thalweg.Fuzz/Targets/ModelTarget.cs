using Thalweg.Fuzz.Mutation;
using Thalweg.Models;
using Thalweg.Runs;

namespace Thalweg.Fuzz.Targets;

/// <summary>Models: safetensors files with architecture, preprocessing and origin.</summary>
internal sealed class ModelTarget() : FuzzTarget("model")
{
    private const string FileName = "model.safetensors";

    private readonly List<byte[]> _models = [];

    /// <inheritdoc/>
    public override void Prepare(string folder)
    {
        foreach (Recipe recipe in SmallRuns.Recipes(folder))
        {
            recipe.Prepare().ToModel("fuzz").Save(Path.Combine(folder, FileName));
            _models.Add(File.ReadAllBytes(Path.Combine(folder, FileName)));
        }
    }

    /// <inheritdoc/>
    public override FuzzInput Make(Draws draws) =>
        new([(FileName, SignedFile.Change(draws, draws.Of(_models), draws.Of(_models)))], draws.Bits());

    /// <inheritdoc/>
    public override void Read(string folder, FuzzInput input)
    {
        TrainedModel model = TrainedModel.Load(input.PathIn(folder));
        _ = model.Module.Describe().ToJsonString();
        _ = new Model(model);
    }
}
