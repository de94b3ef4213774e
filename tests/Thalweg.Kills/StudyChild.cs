using System.Globalization;
using Thalweg.Runs;
using Thalweg.Storage;
using Thalweg.Tuning;

namespace Thalweg.Kills;

/// <summary>One process that works on a study.</summary>
internal static class StudyChild
{
    /// <summary>The study of trainings that is killed.</summary>
    public static StudyDefinition Trainings { get; } = StudySetup.Define(Recipe.Parse("""
        data: { source: glyphs, samples: 600 }
        network: { layers: "mlp:32", dropout: 0.1 }
        training: { epochs: 6, batch_size: 32, early_stopping: { patience: 0 } }
        run: { checkpoint_every: 5steps }
        """), new StudyRequest
    {
        Space = SearchSpace.Parse("training.optimizer.learning_rate=log(1e-4, 0.1)", "network.width=logint(8, 64)", "network.dropout=steps(0, 0.5, 0.1)"),
        Sampler = "tpe",
        Pruner = "median",
        Order = "lag(4)",
        Trials = 24,
        Finalists = 2,
        Repeats = 2,
    });

    /// <summary>A study of trials that take no time.</summary>
    public static StudyDefinition Instant(int trials) => new()
    {
        Space = SearchSpace.Parse("x=uniform(0, 1)", "y=log(1e-4, 1)"),
        Sampler = Settings.Parse<Sampler>("random"),
        Order = StudyOrder.Parse("lag(64)"),
        Trials = trials,
        MaxBudget = 1,
    };

    /// <summary>Works on a study of trainings until all is done.</summary>
    public static int Train(string folder, int workers)
    {
        RunFolder.Create(folder);
        using Study study = Study.OpenOrCreate(StudyStorages.Make(folder), Trainings);
        StudyResult result = StudyWorkers.Run(
            study, new TrialTraining(study, folder), new StudyRunOptions { Workers = workers, Folder = folder });
        return result.IsFinished ? 0 : 1;
    }

    /// <summary>Works on a study of trials of no time.</summary>
    /// <param name="place">A file of SQLite; a name for PostgreSQL by <see cref="StudyStorages.Variable"/>; a folder for a journal.</param>
    /// <param name="trials">Number of trials.</param>
    public static int Crowd(string place, int trials)
    {
        using StudyStorage storage = Open(place);
        using Study study = Study.OpenOrCreate(storage, Instant(trials));
        return StudyWorkers.Run(study, new Objective()).IsFinished ? 0 : 1;
    }

    /// <summary>Opens a storage of the crowd.</summary>
    public static StudyStorage Open(string place) => place.EndsWith(".db", StringComparison.Ordinal) ? SqliteStudyStorage.Open(place, "crowd")
        : place.EndsWith(".jsonl", StringComparison.Ordinal) ? new JournalStorage(place)
        : PostgresStudyStorage.Open(Environment.GetEnvironmentVariable(StudyStorages.Variable)!, place);

    /// <summary>What a study came to, a line for each fact.</summary>
    public static IReadOnlyList<string> Lines(string folder)
    {
        using Study study = Study.Open(StudyStorages.Open(folder));
        StudyResult result = study.Result();
        return
        [
            $"order {string.Join(' ', result.Order)}",
            .. result.Trials.Select(trial => string.Create(CultureInfo.InvariantCulture,
                $"trial {trial.Number}: {trial.Point} {trial.Status} {string.Join(' ', trial.Values)}: {string.Join(' ', trial.Curve)}")),
            .. result.Finalists.Select(item => string.Create(CultureInfo.InvariantCulture, $"finalist {item.Trial}: {string.Join(' ', item.Values)}")),
            string.Create(CultureInfo.InvariantCulture, $"winner {result.Winner?.Number}, optimism {result.Optimism}"),
        ];
    }

    private sealed class Objective : IStudyObjective
    {
        public TrialReport? Run(StudyJob job, CancellationToken cancellation)
        {
            double value = job.Point["x"]!.Value.Number;
            return new TrialReport(TrialStatus.Completed, [value], [value]);
        }
    }
}
