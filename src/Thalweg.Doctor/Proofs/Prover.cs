using Thalweg.Runs;

namespace Thalweg.Diagnosis;

/// <summary>Tries fixes by replay.</summary>
internal static class Prover
{
    private const double Helps = 1;

    public static Proof Prove(Examination examination, Finding? finding, DoctorOptions options, CancellationToken cancellation)
    {
        if (examination.Recipe is not { } recipe || examination.Outcome is not { } before)
        {
            throw new ThalwegException(
                "[doctor] expected a run with a recipe, which can be replayed, got one that was made in code; examine the recipe, with "
                + "DoctorOptions.Network for the network");
        }

        ReplayRunner replays = new(recipe, before, options, cancellation);
        List<ProofAttempt> attempts = [];
        IEnumerable<Finding> findings = finding is null ? examination.Findings : [finding];
        HashSet<string> tried = [];
        foreach (Finding item in findings)
        {
            foreach (Fix fix in item.Fixes.Where(fix => fix.IsReplayable && tried.Add(fix.ToString())))
            {
                if (replays.Try(fix) is not { } replay)
                    return Result(attempts, recipe);
                bool helps = replay.Outcome is { } after && ReplayRunner.Gain(before, after) >= Helps;
                attempts.Add(new ProofAttempt(item, fix, before, replay.Outcome, replay.Work, helps) { Failure = replay.Failure });
                if (helps)
                    return Result(attempts, recipe);
            }
        }

        return Result(attempts, recipe);
    }

    private static Proof Result(List<ProofAttempt> attempts, Recipe recipe)
    {
        Proof proof = new(attempts);
        return proof.Best is { } best ? proof with { Repaired = best.Fix.ApplyTo(recipe) } : proof;
    }
}
