using Thalweg.Data;
using Thalweg.Models;
using Thalweg.Runs;
using Thalweg.Training;

namespace Thalweg.Tuning;

/// <summary>Runs single trials; several threads may do so at once.</summary>
internal sealed class TrialRunner(DataSplit data, ComparisonOptions options)
{
    private readonly RunData _data = RunData.Of(data);

    /// <summary>Steps in an epoch.</summary>
    public int StepsPerEpoch => Trainer.StepsIn(data.Training.Data.Count, BatchSize);

    private int BatchSize => Math.Min(options.BatchSize, data.Training.Data.Count);

    /// <summary>The recipe of a trial: all is said, since contenders must not differ in defaults.</summary>
    public Recipe RecipeOf(Trial trial)
    {
        Contender contender = options.Contenders[trial.Contender];
        OptimizerRecipe optimizer = new() { LearningRate = trial.Rate, Schedule = options.Schedule.ToString().ToLowerInvariant() };
        return new Recipe
        {
            Network = NetworkOf(contender),
            Training = new TrainingRecipe
            {
                Optimizer = contender.At(optimizer, (long)StepsPerEpoch * options.Epochs),
                Epochs = options.Epochs,
                BatchSize = BatchSize,
                EarlyStopping = new EarlyStoppingRecipe { Patience = 0, Monitor = "metric", Keep = KeptWeights.Best },
            },
            Seed = trial.Seed,
            Precision = options.DoublePrecision ? DType.Float64 : DType.Float32,
        };
    }

    /// <summary>The network; a list of layers has settings of its own.</summary>
    private NetworkRecipe NetworkOf(Contender contender)
    {
        bool isList = NetworkRecipe.IsListOfLayers(options.Layers);
        return new NetworkRecipe
        {
            Layers = options.Layers,
            Activation = isList ? null : options.Activation,
            Initializer = contender.Initializer ?? (isList ? null : NetworkRecipe.ByActivation),
            Normalization = contender.Normalization ?? (isList ? null : "none"),
            Dropout = isList && options.Dropout == 0 ? null : options.Dropout,
        };
    }

    /// <summary>Makes the run of a trial; throws where the contender does not fit the data.</summary>
    public PreparedRecipe Make(Trial trial)
    {
        PreparedRecipe prepared = RecipeOf(trial).Prepare(_data);
        _ = prepared.Trainer;
        return prepared;
    }

    /// <summary>Runs a trial to its end.</summary>
    /// <returns>Its result; null where it was cancelled.</returns>
    public ComparisonTrial? Run(Trial trial, CancellationToken cancellation)
    {
        PreparedRecipe prepared = Make(trial);
        TrainingReport report = prepared.Trainer.Fit(cancellation);
        if (report.Reason == EndReason.Cancelled)
            return null;
        bool diverged = report.Reason == EndReason.NonFinite;
        return new ComparisonTrial
        {
            Trial = trial,
            Metric = report.Best?.Validation.Metric ?? double.NaN,
            Diverged = diverged,
            Steps = report.Steps,
            Seconds = report.Seconds,
            TrainingLoss = [.. report.Epochs.Select(epoch => epoch.Training.Loss)],
            ValidationLoss = [.. report.Epochs.Select(epoch => epoch.Validation.Loss)],
            Metrics = [.. report.Epochs.Select(epoch => epoch.Validation.Metric)],
            EpochSeconds = [.. report.Epochs.Select(epoch => epoch.Seconds)],
            Scores = trial.Phase == TrialPhase.Ranking && !diverged
                ? SampleScores.Of(ModelOf(prepared, trial), data.Validation.Data)
                : null,
        };
    }

    /// <summary>The model that a run has trained.</summary>
    public TrainedModel ModelOf(PreparedRecipe prepared, Trial trial) =>
        prepared.ToModel($"comparison: {options.Contenders[trial.Contender].Name}, rate {trial.Rate}");
}
