using System.Diagnostics;
using Thalweg.Checkpoints;
using Thalweg.Data;
using Thalweg.Layers;
using Thalweg.Losses;
using Thalweg.Metrics;
using Thalweg.Optimizers;

namespace Thalweg.Training;

/// <summary>Trains a network on full, mini- or single-sample batches, validates after each epoch, stops early and keeps the best
/// weights.</summary>
/// <remarks>
/// A step has two parts that know nothing of each other: the <see cref="TrainingObjective"/> computes value and gradient of loss and
/// regularizers on the step's samples, and a chain of rules or a minimizer makes the update from them. Where the optimizer averages
/// weights, or a batch normalization asks for exact statistics, validation and the final network use those. The same seed gives the same
/// bits, for any number of threads. A steady step allocates nothing on the managed heap: the first steps run with fresh tensor objects, so
/// that a module that keeps a tensor across steps is caught, then the objects are used again.
/// </remarks>
public sealed class Trainer
{
    private readonly TrainingSet _training;
    private readonly ValidationSet _validation;
    private readonly Evaluator _evaluator;
    private readonly BatchPlan _plan;
    private readonly DeployedState _deployed;
    private readonly int[] _order;
    private readonly List<EpochReport> _epochs = [];
    private string? _failure;
    private double _epochSeconds;
    private long _epochStarted;

    /// <summary>Makes a run at its start.</summary>
    /// <param name="module">The network. Parameters without a value get one from the run's seed, the others keep theirs; the masks of all
    /// its dropout layers follow from the run's seed.</param>
    /// <param name="training">Data to fit.</param>
    /// <param name="validation">Data to choose the best epoch by.</param>
    /// <param name="options">How to train.</param>
    /// <param name="targetUnit">Size of one standardized unit of a regression target, in its own unit; 1 for classification.</param>
    /// <exception cref="ThalwegException">An option is out of range, or the network does not fit the data.</exception>
    public Trainer(Module module, TrainingSet training, ValidationSet validation, TrainerOptions options, double targetUnit = 1)
    {
        Dataset data = training.Data;
        options.Validate(data);
        (Module, _training, _validation, Options) = (module, training, validation, options);
        module.InitializeMissing(options.Seed, module.DType);
        FrozenStatistics.Hold(module, options);
        (Loss, OutputForm form) = Evaluator.Bind(module, data, options.Loss);
        _evaluator = new Evaluator(module, Loss, targetUnit);
        Warnings = OutputDoubts.Find(Loss, form, module, data);
        _plan = new BatchPlan(data.Count, options);
        _order = new int[data.Count];
        Parameters = new ParameterVector(module);
        Objective = new TrainingObjective(
            module, (Loss, form), Parameters, data, options,
            new ScoreKeeper(data.Task, form, targetUnit, options.EpochLoss == EpochLossForm.MeanOfBatchMeans));
        Method = StepMethod.Of(options, Parameters);
        Keeper = new WeightKeeper(module, Parameters);
        Stopping = new EarlyStopping(options.Patience, options.Improvement);
        _deployed = new DeployedState(
            module, Parameters, Method.Average, data, Math.Min(options.MicroBatchSize ?? data.Count, _plan.LargestSize));
    }

    /// <summary>Raised after each step, on the training thread; must not keep the run waiting.</summary>
    public event Action<StepReport>? StepEnded;

    /// <summary>Raised after each epoch, and after its validation in those that have one; see
    /// <see cref="EpochReport.IsEvaluated"/>.</summary>
    public event Action<EpochReport>? EpochEnded;

    /// <summary>The network.</summary>
    public Module Module { get; }

    /// <summary>How the run trains.</summary>
    public TrainerOptions Options { get; }

    /// <summary>The loss, without regularizers.</summary>
    public Loss Loss { get; }

    /// <summary>What is doubtful about loss, output activation and targets together, one sentence each; usually nothing.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>What each step lowers, with its derivatives.</summary>
    public TrainingObjective Objective { get; }

    /// <summary>Parameters and gradients as flat vectors.</summary>
    public ParameterVector Parameters { get; }

    /// <summary>The optimizer and its state.</summary>
    /// <exception cref="ThalwegException">A minimizer makes the updates: there is no optimizer; ask
    /// <see cref="TrainerOptions.Minimizer"/>.</exception>
    public OptimizerRun Optimizer => (Method as ChainMethod)?.Run
        ?? throw new ThalwegException(
            $"[train] expected a run with an optimizer, got one with the minimizer {Method.Text}; leave the minimizer out");

    /// <summary>How many samples an update looks at.</summary>
    public DescentMode Mode => Options.Mode(_order.Length);

    /// <summary>Steps in the first epoch, and in each where the batch size does not change; see <see cref="StepsIn"/>.</summary>
    public int StepsPerEpoch => _plan.StepsIn(0);

    /// <summary>Samples of a whole batch in the first epoch, and in each where the size does not change.</summary>
    public int BatchSize => _plan.SizeIn(0);

    /// <summary>Steps of the whole run.</summary>
    public long TotalSteps => _plan.TotalSteps;

    /// <summary>Steps taken so far.</summary>
    public long Step => Method.Step;

    /// <summary>The epoch, from 0, and the step in it that come next.</summary>
    public (int Epoch, int Step) Position => _plan.Locate(Step);

    /// <summary>Epochs that are over, their evaluation included.</summary>
    public int CompletedEpochs { get; private set; }

    /// <summary>Time of training in the epoch under way so far, in seconds.</summary>
    internal double EpochSeconds =>
        _epochSeconds + (_epochStarted == 0 ? 0 : Stopwatch.GetElapsedTime(_epochStarted).TotalSeconds);

    /// <summary>What makes the updates.</summary>
    internal StepMethod Method { get; }

    /// <summary>Weights to come back to.</summary>
    internal WeightKeeper Keeper { get; }

    /// <summary>Watches the validation metric.</summary>
    internal EarlyStopping Stopping { get; }

    /// <summary>Bytes of intermediates that a step takes: activations, their derivatives, and scratch of kernels.</summary>
    public long StepMemoryBytes => Objective.MemoryBytes;

    /// <summary>Steps in an epoch: the samples divided by the batch size, rounded up; a last batch of one sample alone is left out, because
    /// one sample has no variance to normalize by, and its gradient is the noisiest.</summary>
    /// <param name="samples">Number of training samples.</param>
    /// <param name="batchSize">Samples per step.</param>
    public static int StepsIn(int samples, int batchSize) =>
        (samples / batchSize) + (samples % batchSize > 1 || (samples % batchSize == 1 && samples == 1) ? 1 : 0);

    /// <summary>Trains to the end, from wherever the run stands.</summary>
    /// <remarks>A run that was cancelled keeps its current weights, so that <see cref="TrainingState.Save"/> can take them down and the run
    /// can go on exactly; <see cref="RestoreBest"/> then gives the best ones.</remarks>
    /// <param name="cancellation">Ends the run after the current step.</param>
    public TrainingReport Fit(CancellationToken cancellation = default)
    {
        Stopwatch clock = Stopwatch.StartNew();

        // A run that had ended when it was saved has no further epoch.
        EndReason? reason = Stopping.IsDue ? EndReason.EarlyStopping
            : Method.Ended is not null && CompletedEpochs > EpochOfLastStep ? EndReason.Converged : null;
        for (int epoch = CompletedEpochs; epoch < Options.Epochs && reason is null; epoch++)
        {
            reason = FitEpoch(epoch, cancellation);
        }

        int kept = -1;
        if (reason == EndReason.NonFinite || (reason != EndReason.Cancelled && Options.RestoreBest && Stopping.BestEpoch >= 0))
        {
            RestoreBest();
            kept = Stopping.BestEpoch;
        }
        else if (reason != EndReason.Cancelled)
        {
            _deployed.Enter();
            kept = CompletedEpochs - 1;
        }

        Module.SetTraining(false);
        Module.SetRepeat(false);
        return new TrainingReport(reason ?? EndReason.Completed, _epochs, Stopping.BestEpoch, Step, clock.Elapsed.TotalSeconds, _failure)
        {
            KeptEpoch = kept,
            Note = reason == EndReason.Converged ? Method.Ended : null,
        };
    }

    /// <summary>Puts back the weights of the best epoch; those of the start where none has ended.</summary>
    public void RestoreBest() => Keeper.Restore();

    /// <summary>Takes one step on the given samples.</summary>
    /// <param name="samples">Training samples, at most a batch.</param>
    /// <returns>Mean loss before the update; the update is left out where it is not finite.</returns>
    internal double TakeStep(ReadOnlySpan<int> samples)
    {
        Objective.Begin(samples, Step);
        double loss = Method.Take(Objective);
        if (!double.IsFinite(loss))
        {
            _failure = Objective.Explain();
        }

        return loss;
    }

    /// <summary>Takes over where in its epoch a saved run stood; the method has its state already.</summary>
    internal void Resume(TrainingDocument document)
    {
        CompletedEpochs = document.CompletedEpochs ?? (Method.Ended is null ? Position.Epoch : EpochOfLastStep + 1);
        Objective.Scores = document.EpochScores ?? Objective.Scores;
        _epochSeconds = document.EpochSeconds;
    }

    private int EpochOfLastStep => Step == 0 ? -1 : _plan.Locate(Step - 1).Epoch;

    /// <summary>Trains for an epoch and evaluates it where it is due; the reason if it was the last.</summary>
    private EndReason? FitEpoch(int epoch, CancellationToken cancellation)
    {
        if (!RunEpoch(epoch, cancellation))
        {
            return _failure is null ? EndReason.Cancelled : EndReason.NonFinite;
        }

        EndReason? ended = Method.Ended is null ? null : EndReason.Converged;
        double rate = Method.LearningRate;
        Evaluation validation = Evaluation.None(_validation.Data.Task);
        bool isBest = false;
        if (((epoch + 1) % Options.EvaluateEvery == 0 || epoch + 1 == Options.Epochs || ended is not null)
            && !Evaluate(epoch, out validation, out isBest))
        {
            return EndReason.NonFinite;
        }

        EpochReport report = new(epoch, Objective.Score, validation, isBest, rate, _epochSeconds);
        CompletedEpochs = epoch + 1;
        _epochs.Add(report);
        EpochEnded?.Invoke(report);
        return ended ?? (Stopping.IsDue ? EndReason.EarlyStopping : null);
    }

    /// <summary>Evaluates the network on the validation data; false where it is not finite.</summary>
    private bool Evaluate(int epoch, out Evaluation validation, out bool isBest)
    {
        isBest = false;
        _deployed.Enter();
        validation = _evaluator.Evaluate(_validation.Data);
        if (Parameters.FirstNonFinite() is not null || !double.IsFinite(validation.Loss))
        {
            _failure = Objective.Explain();
            return false;
        }

        double watched = Options.Monitor == MonitoredFigure.Loss ? -validation.Loss : validation.Metric;
        Method.Observe(watched);
        isBest = Stopping.Observe(epoch, watched, validation.Loss);
        if (isBest)
        {
            Keeper.Keep();
        }

        _deployed.Leave();
        return true;
    }

    /// <summary>Takes the steps of an epoch that are left; false where the run ends within it.</summary>
    private bool RunEpoch(int epoch, CancellationToken cancellation)
    {
        _training.FillOrder(Options.Seed, epoch, _order);
        Module.SetTraining(true);
        int steps = _plan.StepsIn(epoch);
        (int at, int within) = Position;
        int first = at == epoch ? within : at > epoch ? steps : 0;
        if (first == 0)
        {
            Objective.ResetScore();
            _epochSeconds = 0;
        }

        _epochStarted = Stopwatch.GetTimestamp();
        bool isDone = TakeSteps(epoch, (first, steps), cancellation);
        (_epochSeconds, _epochStarted) = (EpochSeconds, 0);
        return isDone;
    }

    private bool TakeSteps(int epoch, (int First, int End) range, CancellationToken cancellation)
    {
        for (int step = range.First; step < range.End && Method.Ended is null; step++)
        {
            if (cancellation.IsCancellationRequested)
            {
                return false;
            }

            (int start, int count) = _plan.Samples(epoch, step);
            (int after, int following) = step + 1 < range.End ? _plan.Samples(epoch, step + 1) : (0, 0);
            Objective.Announce(_order.AsMemory(after, following));
            double loss = TakeStep(_order.AsSpan(start, count));
            if (_failure is not null)
            {
                return false;
            }

            StepEnded?.Invoke(new StepReport(epoch, Step - 1, step, range.End, start + count, loss, Objective.EpochLoss));
        }

        return true;
    }
}
