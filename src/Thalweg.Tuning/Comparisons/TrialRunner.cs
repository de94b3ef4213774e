using Thalweg.Checkpoints;
using Thalweg.Data;
using Thalweg.Layers;
using Thalweg.Models;
using Thalweg.Schedules;
using Thalweg.Training;

namespace Thalweg.Tuning;

/// <summary>Runs single trials; several threads may do so at once.</summary>
internal sealed class TrialRunner(DataSplit data, ComparisonOptions options)
{
    private const double WarmupShare = 0.05;

    /// <summary>Steps in an epoch.</summary>
    public int StepsPerEpoch => Trainer.StepsIn(data.Training.Data.Count, BatchSize);

    private int BatchSize => Math.Min(options.BatchSize, data.Training.Data.Count);

    /// <summary>Makes the run of a trial; throws where the contender does not fit the data.</summary>
    public Trainer Make(Trial trial)
    {
        Contender contender = options.Contenders[trial.Contender];
        NetworkSpec spec = new()
        {
            Convolutions = options.Convolutions,
            Stages = options.Stages,
            HiddenUnits = options.HiddenUnits,
            Initializer = contender.Start(),
            Dropout = options.Dropout,
        };
        spec = NormalizationText.Apply(spec.WithActivation(options.Activation), contender.Normalization ?? "none");
        Dataset training = data.Training.Data;
        Sequential network = spec.Build(training.FeatureShape, training.Task.OutputsFor(training.Task.DefaultLoss, "none"));
        network.Initialize(trial.Seed, options.DoublePrecision ? DType.Float64 : DType.Float32);
        TrainerOptions how = new()
        {
            Optimizer = contender.Build(Schedule(trial.Rate), trial.Rate),
            Epochs = options.Epochs,
            BatchSize = BatchSize,
            Patience = 0,
            Seed = trial.Seed,
        };
        return new Trainer(network, data.Training, data.Validation, how, data.Preprocessing.Target.Deviation);
    }

    /// <summary>Runs a trial to its end.</summary>
    /// <returns>What it brought; null where it was cancelled.</returns>
    public TrialResult? Run(Trial trial, CancellationToken cancellation)
    {
        Trainer trainer = Make(trial);
        TrainingReport report = trainer.Fit(cancellation);
        if (report.Reason == EndReason.Cancelled)
            return null;
        bool diverged = report.Reason == EndReason.NonFinite;
        return new TrialResult
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
                ? SampleScores.Of(ModelOf(trainer, trial), data.Validation.Data)
                : null,
        };
    }

    /// <summary>The model that a run has trained.</summary>
    public TrainedModel ModelOf(Trainer trainer, Trial trial) => new(trainer.Module, data.Preprocessing, new Provenance
    {
        CommandLine = $"comparison: {options.Contenders[trial.Contender].Name}, rate {trial.Rate}",
        Seed = trial.Seed,
        Data = $"{data.Training.Data.Count} training, {data.Validation.Data.Count} validation, {data.Test?.Count ?? 0} test samples",
    });

    private Hyperparameter Schedule(double rate)
    {
        int steps = (int)Math.Min((long)StepsPerEpoch * options.Epochs, int.MaxValue), warmup = (int)(WarmupShare * steps);
        return options.Schedule switch
        {
            RateSchedule.Cosine => new CosineSchedule(rate, steps) { Warmup = warmup },
            RateSchedule.Linear => new LinearSchedule(rate, steps) { Warmup = warmup },
            _ => rate,
        };
    }
}
