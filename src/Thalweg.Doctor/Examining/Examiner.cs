namespace Thalweg.Diagnosis;

/// <summary>Goes through all causes: signs first, then experiments for those that signs alone do not tell.</summary>
internal static class Examiner
{
    private const double Suspected = -1.5;

    /// <summary>Share of its weight that a finding keeps whose fix gains nothing; more where its signs stand alone.</summary>
    private const double LeastWeight = 0.7, LeastWeightOfSigns = 0.8;

    /// <summary>Findings by signs alone; causes that need a replay are suspicions below the threshold of a finding.</summary>
    public static Examination WithoutExperiments(RunSigns signs)
    {
        List<Finding> findings = [];
        foreach (Diagnoser diagnoser in Diagnosers.All)
        {
            if (diagnoser.Examine(signs) is { } finding)
                findings.Add(Unproved(diagnoser, finding));
        }

        return Of(signs, findings) with { Unavailable = [.. Unavailable(signs)] };
    }

    /// <summary>Findings by signs and experiments.</summary>
    public static Examination Examine(RunSigns signs, DoctorOptions options, CancellationToken cancellation)
    {
        if (!options.Experiments || signs.Recipe is not { } recipe || signs.Outcome is not { } outcome)
            return WithoutExperiments(signs);
        ReplayRunner replays = new(recipe, outcome, options, cancellation);
        List<Finding> findings = [];
        List<(Diagnoser Diagnoser, Finding Finding)> open = [];
        foreach (Diagnoser diagnoser in Diagnosers.All)
        {
            if (diagnoser.Examine(signs) is not { } finding)
                continue;
            if (diagnoser.NeedsReplay && finding.Strength > Suspected && finding.Fixes.Any(fix => fix.IsReplayable))
                open.Add((diagnoser, finding));
            else
                findings.Add(Unproved(diagnoser, finding));
        }

        foreach ((Diagnoser diagnoser, Finding finding) in open.OrderByDescending(item => item.Diagnoser.ComesFirst)
            .ThenByDescending(item => item.Finding.Strength))
        {
            findings.Add(Settle(diagnoser, finding, replays));
        }

        ExperimentResult[] others = [.. Battery.References(signs), .. Others(signs, findings, replays, options)];
        return Of(signs, Precedence.Apply(findings)) with
        {
            Unavailable = [.. Unavailable(signs)],
            Cost = replays.Spent,
            Replays = replays,
            Experiments = [.. replays.Done.Select(Describe), .. others],
        };
    }

    private static IEnumerable<ExperimentResult> Others(
        RunSigns signs, List<Finding> findings, ReplayRunner replays, DoctorOptions options)
    {
        foreach (ExperimentResult result in Battery.OfPoorRun(signs, replays, options))
            yield return result;
        bool memorizes = findings.Any(finding => finding.Confidence >= Examination.FindingThreshold
            && (finding.Cause == Cause.Overfitting || finding.Cause == Cause.TooLittleData));
        if (memorizes && Battery.ShuffledLabels(signs, replays, options) is { } shuffled)
            yield return shuffled;
    }

    /// <summary>What could not be measured.</summary>
    public static IEnumerable<string> Unavailable(RunSigns signs)
    {
        foreach (string note in signs.Readings.Where(reading => reading.IsOff).Select(reading => $"{reading.Instrument}: {reading.Note}").Distinct())
            yield return note;
        if (signs.Trainer.TrainingData.Stream is not null)
            yield return "probes of the network: the training data are a stream, which cannot be gone through at will";
    }

    /// <summary>Replays the fixes of a suspicion until one gains enough.</summary>
    private static Finding Settle(Diagnoser diagnoser, Finding finding, ReplayRunner replays)
    {
        (double Gain, Fix Fix)? best = null;
        foreach (Fix fix in finding.Fixes.Where(fix => fix.IsReplayable))
        {
            if (replays.Try(fix) is not { } replay)
                break;
            if (replay.Outcome is null)
                continue;
            double gain = ReplayRunner.Gain(replays.Outcome, replay.Outcome);
            if (best is null || gain > best.Value.Gain)
                best = (gain, fix);
            if (gain >= 2 * diagnoser.GainNeeded)
                break;
        }

        if (best is not { } found)
            return Unproved(diagnoser, finding);
        double least = diagnoser.StandsAlone ? LeastWeightOfSigns : LeastWeight;
        Fix[] ranked = [found.Fix, .. finding.Fixes.Where(fix => fix != found.Fix)];
        Evidence evidence = Evidence.Above("replay_gain", found.Gain, diagnoser.GainNeeded, 1);
        if (diagnoser.StandsAlone)
            evidence = evidence with { Strength = Math.Min(3, evidence.Strength + 1) };
        return finding.With(evidence, finding.Experiment ?? "replay") with
        {
            Fixes = ValueList.Of<Fix>(ranked),
            Weight = finding.Weight * (least + ((1 - least) * Math.Clamp(found.Gain / 10, 0, 1))),
        };
    }

    /// <summary>A suspicion that no experiment confirmed stays below the threshold of a finding, unless its signs stand alone.</summary>
    private static Finding Unproved(Diagnoser diagnoser, Finding finding) => diagnoser is { NeedsReplay: true, StandsAlone: false }
        ? finding with { Confidence = Math.Min(finding.Confidence, 0.45) }
        : finding;

    private static ExperimentResult Describe(Replay replay) => new(
        "replay", replay.Fix.ToString(),
        replay.Outcome is { } outcome
            ? ValueList.Of<Evidence>([new("validation_loss_share", outcome.Loss, 1, ""), new("validation_metric", outcome.Metric, 1, "")])
            : ValueList.Of<Evidence>([]),
        replay.Work)
    {
        Failure = replay.Failure,
    };

    private static Examination Of(RunSigns signs, IReadOnlyList<Finding> findings) => new()
    {
        Findings =
        [
            .. findings.OrderByDescending(finding => finding.Confidence >= Examination.FindingThreshold)
                .ThenByDescending(finding => finding.Rank).ThenBy(finding => finding.Cause.Id, StringComparer.Ordinal),
        ],
        Recipe = signs.Recipe,
        Outcome = signs.Outcome,
        Epochs = [.. signs.Epochs],
        Readings = [.. signs.Readings],
    };
}
