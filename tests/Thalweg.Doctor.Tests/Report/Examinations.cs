using Thalweg.Data;
using Thalweg.Diagnostics;
using Thalweg.Metrics;
using Thalweg.Runs;
using Thalweg.Training;

namespace Thalweg.Diagnosis.Tests.Report;

/// <summary>An examination with everything that a report shows, and names that try to become markup.</summary>
internal static class Examinations
{
    /// <summary>A name that would end a script, and one that would begin one.</summary>
    public const string Hostile = "</script><img src=x onerror=alert(1)>\"'`|&{{";

    private const int Steps = 400;

    public static DoctorReport Report()
    {
        Recipe recipe = Recipe.Parse("data: { source: moons, samples: 200 }\nnetwork: mlp:16\ntraining: { epochs: 8 }");
        Fix fix = Fix.Of("lower_rate", recipe, ("training.epochs", "9")), advice = Fix.Advice("more_data");
        Finding finding = Finding.Of(
            Cause.DeadRelu, Evidence.Above("zero_units", 0.94, 0.5, 0.2) with { Layer = Hostile },
            Evidence.TimesBelow("update_ratio", 1e-9, 1e-5, 10, Hostile)) with
        {
            Step = 40,
            Fixes = ValueList.Of<Fix>([fix, advice]),
            Experiment = "replay",
            Note = Hostile,
        };
        Finding suspicion = Finding.Of(Cause.Overfitting, Evidence.Above("loss_gap", 0.1, 0.3, 0.2)) with { Confidence = 0.3 };
        TrainingOutcome before = new(0.9, 0.5, 0.8, 0.55, 40) { Steps = Steps, Reason = EndReason.Completed };
        Examination examination = new()
        {
            Findings = [finding with { Confidence = 0.97 }, suspicion],
            Recipe = recipe,
            Outcome = before,
            Epochs = [.. Enumerable.Range(0, 8).Select(Epoch)],
            Readings = [.. Readings()],
            Experiments = [new ExperimentResult("replay", Hostile, ValueList.Of<Evidence>([]), 1) { Failure = Hostile }],
            Unavailable = [Hostile],
            Cost = 2.5,
        };
        return new DoctorReport(examination)
        {
            Name = Hostile,
            Proof = new Proof(
            [
                new ProofAttempt(finding, advice, before, null, 0.5, false) { Failure = Hostile },
                new ProofAttempt(finding, fix, before, before with { Metric = 0.97, Loss = 0.1 }, 1, true),
            ]),
        };
    }

    private static EpochReport Epoch(int epoch)
    {
        // An explosion in the middle: figures that no axis has.
        double loss = epoch == 4 ? double.PositiveInfinity : epoch == 5 ? double.NaN : 1.0 / (1 + epoch);
        Evaluation training = new(LearningTask.Classification("a", Hostile), 160, loss, 0.5 + (0.05 * epoch), double.NaN, double.NaN, double.NaN), validation = training with { Loss = 1 + loss };
        return new EpochReport(epoch, training, validation, epoch == 7, 0.1, 0.01);
    }

    private static IEnumerable<InstrumentReading> Readings()
    {
        long[] steps = [0, 1, 3, 10, 31, 100, 316, Steps - 1];
        foreach (long step in steps)
        {
            foreach ((int i, string layer) in ((string[])["0", "1", Hostile]).Index())
            {
                yield return Reading("activation_moments", "rms", step == 100 ? double.PositiveInfinity : Math.Pow(10, i - 3) * (1 + step), layer);
                yield return Reading("dead_units", "zero", 0.3 * i, layer);
                if (i != 1 || step > 3)
                    yield return Reading("gradient_norm", "norm", step == 31 ? double.NaN : 1e-6 * (1 + step), $"{layer}.weight");
                yield return Reading("activation_histogram", "histogram", 1, layer) with { Series = ValueList.Of<double>([-1, 1, 3, 0, 9, 1]) };
            }

            yield return Reading("spectral_density", "density", 0.2, "") with { Series = ValueList.Of<double>([-1, 5, 0.001, 8, 1, 0, 0.2]) };
            yield return Reading("edge_of_stability", "sharpness", 2 + step, "");
            yield return Reading("edge_of_stability", "threshold", 20, "");

            InstrumentReading Reading(string instrument, string quantity, double value, string layer) =>
                new(instrument, quantity, value) { Layer = layer, Step = step };
        }
    }
}
