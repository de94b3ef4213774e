using Thalweg.Diagnostics;
using Thalweg.Runs;
using Thalweg.Training;

namespace Thalweg.Diagnosis;

/// <summary>Watches a training and says while it runs what is wrong: an observer for <see cref="TrainerOptions.Observers"/>.</summary>
/// <remarks>
/// <code>
/// DoctorObserver doctor = new() { Found = finding => Console.WriteLine(finding.Text()) };
/// new Trainer(network, data.Training, data.Validation, new TrainerOptions { Observers = [doctor] }).Fit();
/// foreach (Finding finding in doctor.Examine().Confident) { Console.WriteLine(finding.Text()); }
/// </code>
/// It works on any module, loss, rule and data, without registration. Weights are equal to the bit to those without it, and findings for
/// any number of threads. It never ends the training: where it fails, it says so in <see cref="Failure"/> and stops watching. It belongs to
/// one run, and knows nothing of what happened before a resume.
/// </remarks>
public sealed class DoctorObserver : ITrainingObserver
{
    private readonly InstrumentPanel _panel;
    private readonly HashSet<string> _known = [];
    private RunSigns? _signs;

    /// <summary>Makes a doctor for one run.</summary>
    /// <param name="instruments">Instruments and their budget; default <see cref="DoctorInstruments.Live"/> at 5 % of the work of
    /// training.</param>
    public DoctorObserver(InstrumentPanelOptions? instruments = null)
    {
        InstrumentPanelOptions options = instruments ?? new InstrumentPanelOptions { Instruments = DoctorInstruments.Live };
        _panel = new InstrumentPanel(options with { KeepReadings = false, Sink = Take + options.Sink });
    }

    /// <summary>Called with each new finding while training, on its thread; must return quickly. Default null.</summary>
    public Action<Finding>? Found { get; set; }

    /// <summary>The full recipe, where there is one: findings then have exact fixes. Default null.</summary>
    public Recipe? Recipe { get; set; }

    /// <summary>Whether the network was made in code; default false.</summary>
    public bool HasCustomNetwork { get; set; }

    /// <summary>The findings so far, in the order in which they showed.</summary>
    public IReadOnlyList<Finding> Findings => _findings;

    /// <summary>Why the doctor stopped watching, in a line; null while it watches.</summary>
    public string? Failure { get; private set; }

    /// <summary>The instruments.</summary>
    public InstrumentPanel Panel => _panel;

    /// <summary>What is known of the run; null before it started.</summary>
    internal RunSigns? Signs => _signs;

    private readonly List<Finding> _findings = [];

    /// <summary>Enters the findings in the events of a run, as <c>doctor.finding</c>, and gives them exact fixes by its recipe; call it
    /// before <see cref="Run.Execute"/>.</summary>
    /// <param name="run">A run that has this observer in <see cref="RunOptions.Observers"/>.</param>
    public void Attach(Run run)
    {
        ArgumentNullException.ThrowIfNull(run);
        Recipe = run.Plan.Recipe;
        HasCustomNetwork = run.Plan.Recipe.Network.Layers == NetworkRecipe.Custom;
        Action<Finding>? others = Found;
        Found = finding =>
        {
            run.Report(new RunEvent.Custom(FindingJson.EventKind, FindingJson.Version, finding.ToJson()));
            others?.Invoke(finding);
        };
    }

    /// <summary>What the doctor found so far, without experiments.</summary>
    /// <exception cref="ThalwegException">The run has not started.</exception>
    public Examination Examine()
    {
        RunSigns signs = _signs ?? throw new ThalwegException(
            "[doctor] expected a run that has started, got none; add the observer to TrainerOptions.Observers and train");
        string[] failures = Failure is null ? [] : [Failure];
        return Examiner.WithoutExperiments(signs) with { Unavailable = [.. Examiner.Unavailable(signs), .. failures] };
    }

    /// <inheritdoc/>
    public void RunStarted(Trainer trainer)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        Try(() =>
        {
            _signs ??= new RunSigns(trainer) { Recipe = Recipe, IsNetworkOfRecipe = Recipe is not null && !HasCustomNetwork };
            if (trainer.Step == 0)
            {
                _signs.Start = NetworkProbe.Take(trainer);
                _signs.GradientCheck = GradientCheck.Of(trainer);
            }

            _panel.RunStarted(trainer);
        });
    }

    /// <inheritdoc/>
    public void StepStarted(Trainer trainer, in StepStart step)
    {
        StepStart start = step;
        Try(() => _panel.StepStarted(trainer, start));
    }

    /// <inheritdoc/>
    public void PassEnded(Trainer trainer, in MicroBatchObjective pass)
    {
        MicroBatchObjective ended = pass;
        Try(() => _panel.PassEnded(trainer, ended));
    }

    /// <inheritdoc/>
    public void GradientReady(Trainer trainer, in StepGradientReport gradient)
    {
        StepGradientReport ready = gradient;
        Try(() =>
        {
            _signs!.GradientNorms.Add(NormOf(ready.Parameters.Gradients));
            _panel.GradientReady(trainer, ready);
        });
    }

    /// <inheritdoc/>
    public void StepEnded(Trainer trainer, in StepReport step)
    {
        StepReport ended = step;
        Try(() =>
        {
            _signs!.StepLosses.Add(ended.Loss);
            _panel.StepEnded(trainer, ended);
        });
    }

    /// <inheritdoc/>
    public void EpochEnded(Trainer trainer, EpochReport epoch) => Try(() =>
    {
        _signs!.Epochs.Add(epoch);
        _panel.EpochEnded(trainer, epoch);
        if (Found is not null)
            Tell();
    });

    /// <inheritdoc/>
    public void RunEnded(Trainer trainer, TrainingReport report) => Try(() =>
    {
        _panel.RunEnded(trainer, report);
        _signs!.Report = report;
        if (report.Reason is EndReason.Cancelled or EndReason.Failed)
            return;
        _signs.End = NetworkProbe.Take(trainer);
        _signs.UnmovedStatistics = BatchNormMode.Unmoved(trainer.Module);
        _signs.Outcome = trainer.TrainingData.Stream is null ? TrainingOutcome.Of(trainer, report) : null;
        if (Found is not null)
            Tell();
    });

    private void Take(InstrumentReading reading) => _signs?.Add(reading);

    private void Tell()
    {
        foreach (Finding finding in Examiner.WithoutExperiments(_signs!).Confident.Where(finding => _known.Add(finding.Cause.Id)))
        {
            _findings.Add(finding);
            Found?.Invoke(finding);
        }
    }

    private void Try(Action watch)
    {
        if (Failure is not null)
            return;
        try
        {
            watch();
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            Failure = $"[doctor] stopped watching: {failure.Message.ReplaceLineEndings(" ")}";
        }
    }

    private static double NormOf(Tensor gradients)
    {
        double sum = 0;
        if (gradients.DType == DType.Float32)
        {
            foreach (float value in gradients.AsSpan<float>())
                sum += (double)value * value;
        }
        else
        {
            foreach (double value in gradients.AsSpan<double>())
                sum += value * value;
        }

        return Math.Sqrt(sum);
    }
}
