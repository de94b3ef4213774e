using Thalweg.Models;
using Thalweg.Runs;

namespace Thalweg.Diagnosis;

/// <summary>Examines what a path names: the folder of a run, a model, or a recipe.</summary>
internal static class PathExamination
{
    private const string ModelEnding = ".safetensors", Source = "data.source";

    public static Examination Of(string path, string? data, DoctorOptions options, CancellationToken cancellation)
    {
        if (Directory.Exists(path) && File.Exists(Path.Combine(path, RunRecord.FileName)))
        {
            RunFolder folder = new(path);
            DoctorOptions moved = data is null ? options : options with { Data = folder.LoadRecipe().With(Source, data).OpenData() };
            return FolderExamination.Of(folder, moved, cancellation);
        }

        if (Directory.Exists(path) || path.EndsWith(ModelEnding, StringComparison.Ordinal))
            return OfModel(path, data);
        if (!File.Exists(path))
        {
            throw new ThalwegException(
                $"[doctor] expected the folder of a run, a model or a recipe, and {path} does not exist; give one that does");
        }

        Recipe recipe = Recipe.Load(path);
        return RecipeExamination.Of(data is null ? recipe : recipe.With(Source, data), options, cancellation);
    }

    private static Examination OfModel(string path, string? data)
    {
        TrainedModel model = TrainedModel.Load(Checkpoints.ModelFile.PathOf(path));
        if (model.Origin is not { } origin)
        {
            throw new ThalwegException(
                $"[doctor] expected a model that says which data it was trained on, got {path}, which does not; examine it from C# with "
                + "Doctor.ExamineModel, or give the recipe");
        }

        return ModelExamination.Of(model, origin.Open(model.Preprocessing, data));
    }
}
