using Thalweg.Checkpoints;
using Thalweg.Runs;
using Thalweg.Training;

namespace Thalweg.Diagnosis;

/// <summary>Tries fixes by replay.</summary>
internal static class Prover
{
    /// <summary>Budget where none is given, times the run.</summary>
    public const double UsualBudget = 3;

    private const double Helps = 1, LowLoss = 0.08;

    public static Proof Prove(Examination examination, Finding? finding, DoctorOptions options, CancellationToken cancellation)
    {
        if (examination.Recipe is not { } recipe || examination.Outcome is not { } before)
        {
            throw new ThalwegException(
                "[doctor] expected a run with a recipe, which can be replayed, got one that was made in code; examine the recipe, with "
                + "DoctorOptions.Network for the network");
        }

        options = options with
        {
            Data = options.Data ?? examination.Options?.Data,
            Network = options.Network ?? examination.Options?.Network,
        };
        ReplayRunner replays = new(recipe, before, options, cancellation);
        replays.Reuse(examination.Replays);
        List<ProofAttempt> attempts = [];
        HashSet<string> tried = [];
        foreach ((Finding item, Fix fix) in Candidates(examination, finding).Where(pair => tried.Add(pair.Fix.ToString())))
        {
            if (replays.Left <= 0)
                break;
            attempts.Add(Attempt(examination, (item, fix), replays, options));
            if (attempts[^1] is { Helps: true, After: { } after } && IsGood(after))
                break;
        }

        Proof proof = new(attempts);
        return proof.Best is { } best ? proof with { Repaired = best.Fix.ApplyTo(recipe) } : proof;
    }

    /// <summary>First the first fix of each finding in their order, then the others: of a finding that is wrong no second fix
    /// helps.</summary>
    private static IEnumerable<(Finding Finding, Fix Fix)> Candidates(Examination examination, Finding? finding)
    {
        Finding[] findings = finding is null
            ? [.. examination.Confident, .. examination.Findings.Where(item => item.Confidence < Examination.FindingThreshold)] : [finding];
        int most = findings.Length == 0 ? 0 : findings.Max(item => item.Fixes.Count);
        return from place in Enumerable.Range(0, most)
               from item in findings
               where place < item.Fixes.Count && item.Fixes[place].IsReplayable
               select (item, item.Fixes[place]);
    }

    private static ProofAttempt Attempt(
        Examination examination, (Finding Finding, Fix Fix) tried, ReplayRunner replays, DoctorOptions options)
    {
        TrainingOutcome before = examination.Outcome!;
        if (CheckpointBefore(examination, tried.Finding, tried.Fix) is { } checkpoint
            && FromCheckpoint(examination, tried, checkpoint, replays, options) is { } continued)
        {
            return continued;
        }

        Replay replay = replays.Try(tried.Fix)!;
        bool helps = replay.Outcome is { } after && ReplayRunner.Gain(before, after) >= Helps;
        return new ProofAttempt(tried.Finding, tried.Fix, before, replay.Outcome, replay.Work, helps) { Failure = replay.Failure };
    }

    /// <summary>The latest checkpoint before a finding, where its fix may begin there.</summary>
    private static string? CheckpointBefore(Examination examination, Finding finding, Fix fix) =>
        fix.IsFromStart || finding.Step == 0 || examination.Folder is not { } folder ? null
            : new RunFolder(folder).Checkpoints.Files
                .Where(path => CheckpointStore.StepOf(path) is var step && step > 0 && step <= finding.Step).MaxBy(CheckpointStore.StepOf);

    /// <summary>Continues from a checkpoint with the fix; null where the checkpoint does not fit the changed recipe.</summary>
    private static ProofAttempt? FromCheckpoint(
        Examination examination, (Finding Finding, Fix Fix) tried, string checkpoint, ReplayRunner replays, DoctorOptions options)
    {
        try
        {
            Recipe changed = tried.Fix.ApplyTo(examination.Recipe!);
            PreparedRecipe prepared = options.Data is { } data ? changed.Prepare(data, options.Network) : changed.Prepare(options.Network);
            TrainingCheckpoint.Restore(prepared.Trainer, TrainingFile.Load(checkpoint), allowsOtherRates: true);
            long from = prepared.Trainer.Step;
            TrainingReport report = prepared.Trainer.Fit();
            TrainingOutcome after = TrainingOutcome.Of(prepared.Trainer, report);
            double cost = replays.Count((double)(after.Steps - from) * prepared.Trainer.BatchSize);
            bool helps = ReplayRunner.Gain(examination.Outcome!, after) >= Helps;
            return new ProofAttempt(tried.Finding, tried.Fix, examination.Outcome!, after, cost, helps) { FromStep = from };
        }
        catch (ThalwegException)
        {
            return null;
        }
    }

    private static bool IsGood(TrainingOutcome outcome) => outcome.Loss <= LowLoss || outcome.Metric >= 0.985;
}
