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
        ReplayRunner replays = new(recipe, before, options, cancellation) { BoundedBy = examination.Epochs };
        replays.Reuse(examination.Replays);
        List<ProofAttempt> attempts = [];
        HashSet<string> tried = [];
        foreach ((Finding item, Fix fix) in ByExpectedGain(examination, finding).Where(pair => tried.Add(pair.Fix.ToString())))
        {
            if (replays.Left <= 0)
                break;
            if (Attempt(examination, (item, fix), replays, options, cancellation) is { } attempt)
                attempts.Add(attempt);
            if (attempts.LastOrDefault() is { Helps: true, After: { } after } && IsGood(after))
                break;
        }

        Proof proof = new(attempts);
        return proof.Best is { } best ? proof with { Repaired = best.Fix.ApplyTo(recipe) } : proof;
    }

    /// <summary>First what the examination replayed and helped, the largest gain first; then what it did not replay. What it replayed in
    /// vain is tried again only where a finding is asked for, so that its failure is said.</summary>
    private static IEnumerable<(Finding Finding, Fix Fix)> ByExpectedGain(Examination examination, Finding? finding)
    {
        (Finding Finding, Fix Fix)[] all = [.. Candidates(examination, finding)];
        double[] gains = [.. all.Select(pair => examination.Replays?.GainOf(pair.Fix) ?? double.NaN)];
        return
        [
            .. Enumerable.Range(0, all.Length).Where(i => gains[i] >= Helps).OrderByDescending(i => gains[i]).Select(i => all[i]),
            .. Enumerable.Range(0, all.Length).Where(i => double.IsNaN(gains[i])).Select(i => all[i]),
            .. finding is null ? [] : Enumerable.Range(0, all.Length).Where(i => gains[i] < Helps).Select(i => all[i]),
        ];
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

    /// <summary>Tries a fix; null where the budget does not allow it.</summary>
    private static ProofAttempt? Attempt(
        Examination examination, (Finding Finding, Fix Fix) tried, ReplayRunner replays, DoctorOptions options,
        CancellationToken cancellation)
    {
        TrainingOutcome before = examination.Outcome!;
        if (CheckpointBefore(examination, tried.Finding, tried.Fix) is { } checkpoint
            && FromCheckpoint(examination, tried, checkpoint, (replays, options), cancellation) is { } continued)
        {
            return continued;
        }

        if (replays.Try(tried.Fix) is not { } replay)
            return null;
        bool helps = replay is { IsGivenUp: false, Outcome: { } after } && ReplayRunner.Gain(before, after) >= Helps;
        return new ProofAttempt(tried.Finding, replay.Fix, before, replay.Outcome, replay.Work, helps) { Failure = replay.Failure };
    }

    /// <summary>The latest checkpoint before a finding, where its fix may begin there.</summary>
    private static string? CheckpointBefore(Examination examination, Finding finding, Fix fix) =>
        fix.IsFromStart || finding.Step == 0 || examination.Folder is not { } folder ? null
            : new RunFolder(folder).Checkpoints.Files
                .Where(path => CheckpointStore.StepOf(path) is var step && step > 0 && step <= finding.Step).MaxBy(CheckpointStore.StepOf);

    /// <summary>Continues from a checkpoint with the fix; null where the checkpoint does not fit the changed recipe, or the budget is not
    /// enough.</summary>
    private static ProofAttempt? FromCheckpoint(
        Examination examination, (Finding Finding, Fix Fix) tried, string checkpoint, (ReplayRunner Replays, DoctorOptions Options) by,
        CancellationToken cancellation)
    {
        Trainer trainer;
        long from;
        try
        {
            Recipe changed = tried.Fix.ApplyTo(examination.Recipe!);
            PreparedRecipe prepared = by.Options.Data is { } data
                ? changed.Prepare(data, by.Options.Network) : changed.Prepare(by.Options.Network);
            trainer = prepared.Trainer;
            TrainingCheckpoint.Restore(trainer, TrainingFile.Load(checkpoint), allowsOtherRates: true);
            from = trainer.Step;
        }
        catch (ThalwegException)
        {
            return null;
        }

        if (!by.Replays.Allows(ReplayRunner.LongestWork(trainer) - ((double)from * trainer.BatchSize)))
            return null;
        TrainingReport report = trainer.Fit(cancellation);
        cancellation.ThrowIfCancellationRequested();
        TrainingOutcome after = TrainingOutcome.Of(trainer, report);
        double cost = by.Replays.Count((double)(after.Steps - from) * trainer.BatchSize);
        bool helps = ReplayRunner.Gain(examination.Outcome!, after) >= Helps;
        return new ProofAttempt(tried.Finding, tried.Fix, examination.Outcome!, after, cost, helps) { FromStep = from };
    }

    private static bool IsGood(TrainingOutcome outcome) => outcome.Loss <= LowLoss || outcome.Metric >= 0.985;
}
