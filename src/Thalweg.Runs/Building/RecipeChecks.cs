using Thalweg.Data;
using Thalweg.Metrics;
using Thalweg.Regularizers;

namespace Thalweg.Runs;

/// <summary>What can be refused before the data are read, which may take long.</summary>
internal static class RecipeChecks
{
    /// <summary>Refuses names that are not known.</summary>
    public static void BeforeData(Recipe recipe)
    {
        recipe.Validate();
        NetworkBuilder.Check(recipe);
        _ = Settings.ParseAll<Regularizer>(recipe.Training.Regularizers ?? "");
        _ = Settings.ParseAll<Metric>(recipe.Training.Metrics ?? "");
        if (recipe.Training.EarlyStopping.Monitor is { } monitor)
            _ = Settings.Parse<Metric>(monitor);
        _ = Settings.Parse<Sampler>(recipe.Training.Sampler ?? OptimizerBuilder.UsualSampler);
        if (recipe.Training.MaxTime is { } time)
            _ = DurationText.Read("training.max_time", time);
        _ = recipe.Data.Split.ToOptions(recipe.Seed);
        if (recipe.Training.BatchSchedule is { } batches)
            _ = Settings.Parse<Schedule>(batches);
    }
}
