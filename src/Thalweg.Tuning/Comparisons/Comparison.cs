using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Thalweg.Checkpoints;
using Thalweg.Data;
using Thalweg.Metrics;
using Thalweg.Models;
using Thalweg.Runs;

namespace Thalweg.Tuning;

/// <summary>How far a comparison is.</summary>
/// <param name="Finished">Finished trials, those of before an interruption included.</param>
/// <param name="Total">All trials.</param>
/// <param name="Latest">The one that ended last.</param>
/// <param name="Name">Its contender.</param>
public sealed record ComparisonProgress(int Finished, int Total, ComparisonTrial Latest, string Name);

/// <summary>
/// Compares optimizers (and initializers, and normalizations) with equal budgets: each is tried with the same learning rates and seeds on
/// validation data, then ranked at its best rate with as many seeds that the tuning has not seen.
/// </summary>
/// <remarks>
/// A journal in the folder records each finished trial, so that the comparison can be killed at any time; run again, it continues, and the
/// result is the same to the digit, times left aside. Results do not depend on how many trials run at a time either.
/// </remarks>
public sealed class Comparison
{
    /// <summary>Name of the file that gets the result.</summary>
    public const string ResultName = "comparison.json";

    /// <summary>Name of the file that records finished trials.</summary>
    public const string JournalName = Journal.FileName;

    private readonly DataSplit _data;
    private readonly string _name;
    private readonly TrialRunner _runner;
    private readonly Ranking _ranking;
    private readonly double[] _rates;

    /// <summary>Makes a comparison.</summary>
    /// <param name="data">The data; its test part is not touched.</param>
    /// <param name="name">Name of the data, for the result.</param>
    /// <param name="options">What is compared, and how.</param>
    /// <exception cref="ThalwegException">An option is out of range, or a contender does not fit the data.</exception>
    public Comparison(DataSplit data, string name, ComparisonOptions options)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        (_data, _name, Options) = (data, name, options);
        _rates = LearningRates.Of(options);
        _runner = new TrialRunner(data, options);
        _ranking = new Ranking(data, options, _rates);

        // What cannot be run is refused before hours are spent on the rest.
        for (int contender = 0; contender < options.Contenders.Count; contender++)
            _ = _runner.Make(new Trial(contender, TrialPhase.Tuning, _rates[0], options.Seed));
    }

    /// <summary>Raised after each trial, by one thread at a time; must return quickly.</summary>
    public event Action<ComparisonProgress>? TrialEnded;

    /// <summary>What is compared, and how.</summary>
    public ComparisonOptions Options { get; }

    /// <summary>Where the data came from and how they were divided, which goes into the winner's model; default null.</summary>
    public DataOrigin? Origin { get; init; }

    /// <summary>Where a reading of the test data is entered, beside the folder of the comparison; default null.</summary>
    public IRunIndex? Index { get; init; }

    /// <summary>Number of trials: rates times seeds for the tuning and seeds for the ranking, of each contender.</summary>
    public int TrialCount => Options.Contenders.Count * Options.Seeds * (_rates.Length + 1);

    /// <summary>Runs what the folder's journal does not hold yet.</summary>
    /// <param name="folder">Where journal, result and page are; made if missing.</param>
    /// <param name="parallel">Trials at a time, 1 or more, each on one thread; with 1, a trial uses
    /// <see cref="Threads.Current"/> threads.</param>
    /// <param name="cancellation">Ends the running trials after their current step; they are not recorded.</param>
    /// <returns>The result; null where it was cancelled.</returns>
    /// <exception cref="ThalwegException">The folder cannot be written, or its journal belongs to another comparison.</exception>
    public ComparisonResult? Run(string folder, int parallel = 1, CancellationToken cancellation = default)
    {
        using Journal journal = Open(folder);
        TrialQueue queue = new(this, journal.Trials);
        Work(queue, journal, parallel, cancellation);
        return queue.IsFinished ? Save(folder, journal) : null;
    }

    /// <summary>Trains the winner again and reads the test set, once: the figure goes to the journal, and another call gives it
    /// back.</summary>
    /// <param name="folder">The folder of a finished comparison.</param>
    /// <returns>The result with the figure of the test.</returns>
    /// <exception cref="ThalwegException">The comparison is not finished, or there is no test data.</exception>
    public ComparisonResult ReadTest(string folder)
    {
        using Journal journal = Open(folder);
        if (!new TrialQueue(this, journal.Trials).IsFinished)
        {
            throw new ThalwegException($"[compare] expected a finished comparison in {folder}, found {journal.Trials.Count} of "
                + $"{TrialCount} trials; run it to its end first");
        }

        if (journal.Test is not null)
            return Save(folder, journal);
        TestSet test = _data.Test
            ?? throw new ThalwegException("[compare] expected test data, found none; give some, or leave the test out");
        RankedContender winner = Result(journal).Ranking[0];
        int place = Options.Contenders.ToList().IndexOf(winner.Contender);
        Trial trial = new(place, TrialPhase.Ranking, winner.Rate, Options.Seed + (ulong)Options.Seeds);
        PreparedRecipe prepared = _runner.Make(trial);
        prepared.Trainer.Fit();
        TrainedModel model = _runner.ModelOf(prepared, trial) with { Origin = Origin };
        TestJudgment judged = TestJudgment.Of(
            model, test, new RunTestLedger(folder, Index), $"winner of a comparison of {Options.Contenders.Count}");
        Evaluation figures = judged.Figures;
        journal.Add(new TestResult(winner.Name, winner.Rate, trial.Seed, figures.Metric, figures.Loss, figures.Samples)
        {
            Warning = judged.Reuse.Warning,
        });
        model.Save(Path.Combine(folder, ModelFile.FileName));
        return Save(folder, journal);
    }

    /// <summary>Trials of the tuning of a contender.</summary>
    internal IEnumerable<Trial> Tuning(int contender) =>
        from rate in _rates
        from seed in Enumerable.Range(0, Options.Seeds)
        select new Trial(contender, TrialPhase.Tuning, rate, Options.Seed + (ulong)seed);

    /// <summary>Trials of the ranking of a contender whose tuning is finished.</summary>
    internal IEnumerable<Trial> RankingOf(int contender, IEnumerable<ComparisonTrial> tuning)
    {
        double rate = _ranking.BestRate(tuning);
        return Enumerable.Range(0, Options.Seeds)
            .Select(seed => new Trial(contender, TrialPhase.Ranking, rate, Options.Seed + (ulong)(Options.Seeds + seed)));
    }

    private void Work(TrialQueue queue, Journal journal, int parallel, CancellationToken cancellation)
    {
        Thread[] workers = [.. Enumerable.Range(1, Math.Max(1, parallel) - 1)
            .Select(number => new Thread(Loop) { Name = $"trial {number}", IsBackground = true })];
        foreach (Thread worker in workers)
            worker.Start();
        Loop();
        foreach (Thread worker in workers)
            worker.Join();
        queue.Rethrow();

        void Loop()
        {
            using ThreadLimit limit = parallel > 1 ? Threads.Limit(1) : default;
            while (queue.Take(cancellation) is { } trial)
            {
                try
                {
                    ComparisonTrial? result = _runner.Run(trial, cancellation);
                    queue.Finish(trial, result, finished => Record(journal, queue, finished));
                }
                catch (Exception error)
                {
                    queue.Fail(error);
                }
            }
        }
    }

    /// <summary>Takes down a trial; the queue's lock is held.</summary>
    private void Record(Journal journal, TrialQueue queue, ComparisonTrial result)
    {
        journal.Add(result);
        TrialEnded?.Invoke(new ComparisonProgress(queue.Finished, TrialCount, result, Options.Contenders[result.Trial.Contender].Name));
    }

    private Journal Open(string folder)
    {
        RunFolder.Create(folder);
        return Journal.Open(folder, Fingerprint());
    }

    private ComparisonResult Result(Journal journal) => _ranking.Make(_name, _runner.StepsPerEpoch, journal.Trials, journal.Test);

    private ComparisonResult Save(string folder, Journal journal)
    {
        ComparisonResult result = Result(journal);
        AtomicFile.Write(Path.Combine(folder, ResultName),
            stream => JsonSerializer.Serialize(stream, result, TuningJson.Default.ComparisonResult));
        ComparisonPage.Write(Path.Combine(folder, ComparisonPage.FileName), result);
        return result;
    }

    /// <summary>Names options and data: a journal of another name is not resumed.</summary>
    private string Fingerprint()
    {
        string options = JsonSerializer.Serialize(Options, TuningJson.Default.ComparisonOptions);
        string text = $"{options} {_name} {_data.Training.Data.Count} {_data.Validation.Data.Count} {_data.Preprocessing.ToJson()}";
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }
}
