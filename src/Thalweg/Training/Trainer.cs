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
/// that a module that keeps a tensor across steps is caught, then the objects are used again. <see cref="TrainerOptions.Observers"/> see
/// each step, and <see cref="Steps"/> is the loop of <see cref="Fit"/> in the caller's hands.
/// </remarks>
public sealed class Trainer
{
    private readonly TrainingLoop _loop;
    private readonly BatchPlan _plan;
    private readonly int _samples;
    private readonly Dataset _data;

    /// <summary>Makes a run at its start.</summary>
    /// <param name="module">The network. Parameters without a value get one from the run's seed, the others keep theirs; the masks of all
    /// its dropout layers follow from the run's seed.</param>
    /// <param name="training">Data to fit.</param>
    /// <param name="validation">Data to choose the best epoch by; null for none: the run then cannot stop early, and keeps its last
    /// weights, as <see cref="Warnings"/> says.</param>
    /// <param name="options">How to train.</param>
    /// <param name="targetUnit">Size of one standardized unit of a regression target, in its own unit, and its mean; default 1 and 0, as for
    /// classification.</param>
    /// <exception cref="ThalwegException">An option is out of range, or the network does not fit the data.</exception>
    public Trainer(Module module, TrainingSet training, ValidationSet? validation, TrainerOptions options, TargetScale targetUnit = default)
    {
        (Stream, TrainingData, ValidationData) = (training.Stream, training, validation);
        Dataset data = Stream is null
            ? training.Data
            : Dataset.Of(new StreamWindow(Stream, BatchPlan.Of(Stream, options).LargestSize), Stream.Task);
        options.Validate(data);
        RefuseState(module, options);
        (Module, Options, _samples, Window, _data) = (module, options, Stream is null ? data.Count : BatchPlan.Open, data.Window, data);
        module.InitializeMissing(options.Seed, module.DType);
        FrozenStatistics.Hold(module, options);
        Window?.Peek(2);
        (Loss, OutputForm form) = Evaluator.Bind(module, data, options.Loss);
        Evaluator = new Evaluator(module, Loss, targetUnit, options.AllMetrics);
        _ = options.Monitor.LengthFor(form.Classes);
        Warnings = [.. OutputDoubts.Find(Loss, form, module, data), .. validation is null ? [WithoutValidation(options)] : (string[])[]];
        _plan = BatchPlan.Of(data, options);
        Parameters = new ParameterVector(module);
        Objective = new TrainingObjective(
            module, (Loss, form), Parameters, data, options,
            new MetricAccumulator(
                data.Task, form, targetUnit.Deviation, options.EpochLoss == EpochLossAverage.MeanOfBatchMeans,
                MetricSums.For(options.AllMetrics, form, targetUnit)));
        Form = form;
        Method = StepMethod.Of(options, Parameters);
        BestWeights = new BestWeights(module, Parameters);
        Stopping = new EarlyStopping(options.Patience, options.MinDelta);
        Recovery = options.Recovery.IsActive ? new StepRecovery(this, options.Recovery) : null;
        _loop = new TrainingLoop(this, data, validation?.Data, _plan);
    }

    /// <summary>Makes a run without validation data: it cannot stop early, and keeps its last weights.</summary>
    /// <param name="module">The network.</param>
    /// <param name="training">Data to fit.</param>
    /// <param name="options">How to train.</param>
    /// <exception cref="ThalwegException">An option is out of range, or the network does not fit the data.</exception>
    public Trainer(Module module, TrainingSet training, TrainerOptions options)
        : this(module, training, null, options)
    {
    }

    /// <summary>Raised after each step, on the training thread; must return quickly.</summary>
    public event Action<StepReport>? StepEnded;

    /// <summary>Raised after each epoch, and after its validation in those that have one; see
    /// <see cref="EpochReport.IsEvaluated"/>.</summary>
    public event Action<EpochReport>? EpochEnded;

    /// <summary>Raised when a failed step was skipped or rolled back, before <see cref="StepEnded"/>; on the training thread.</summary>
    public event Action<RecoveryReport>? StepRecovered;

    /// <summary>Raised when the run has ended, before the weights that it keeps are put back: the last moment to save a state from which
    /// it can be resumed. Not raised where an exception ends it.</summary>
    public event Action<EndReason>? Ending;

    /// <summary>The data to fit.</summary>
    public TrainingSet TrainingData { get; }

    /// <summary>The data to choose the best epoch by; null for none.</summary>
    public ValidationSet? ValidationData { get; }

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
    public BatchMode Mode => Options.Mode(_samples);

    /// <summary>Steps in the first epoch, and in each where the batch size does not change, see <see cref="StepsIn"/>; 0 where epochs end
    /// where a stream does.</summary>
    public int StepsPerEpoch => _plan.StepsIn(0) == BatchPlan.Open ? 0 : _plan.StepsIn(0);

    /// <summary>Samples of a whole batch in the first epoch, and in each where the size does not change.</summary>
    public int BatchSize => _plan.SizeIn(0);

    /// <summary>Steps of the whole run, at most <see cref="TrainerOptions.MaxSteps"/>; 0 where epochs end where a stream does.</summary>
    public long TotalSteps => _plan.TotalSteps is var all && all == 0 ? Options.MaxSteps ?? 0 : Math.Min(all, Options.MaxSteps ?? all);

    /// <summary>Steps taken so far.</summary>
    public long Step => Method.Step;

    /// <summary>The epoch, from 0, and the step in it that come next.</summary>
    public (int Epoch, int Step) Position => Stream is null ? _plan.Locate(Step) : (CompletedEpochs, (int)(Step - _loop.EpochStart));

    /// <summary>The stream of training samples; null where they can be had in any order.</summary>
    internal SampleStream? Stream { get; }

    /// <summary>What the stream fills.</summary>
    internal StreamWindow? Window { get; }

    /// <summary>Epochs that are over, their evaluation included.</summary>
    public int CompletedEpochs { get; internal set; }

    /// <summary>Whether early stopping has ended the run: it takes no further step.</summary>
    public bool HasStoppedEarly => Stopping.IsDue;

    /// <summary>The result of the run that ended last; null before the first, and while one is under way.</summary>
    public TrainingReport? Report => _loop.Report;

    /// <summary>Time of training in the epoch under way so far, in seconds.</summary>
    internal double EpochSeconds => _loop.EpochSeconds;

    /// <summary>Scores the network on the validation data.</summary>
    internal Evaluator Evaluator { get; }

    /// <summary>How outputs and targets fit together.</summary>
    internal OutputForm Form { get; }

    /// <summary>What makes the updates.</summary>
    internal StepMethod Method { get; }

    /// <summary>Weights to come back to.</summary>
    internal BestWeights BestWeights { get; }

    /// <summary>What is done about failed steps; null for nothing.</summary>
    internal StepRecovery? Recovery { get; }

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
    /// <remarks>A run that was cancelled keeps its current weights, so that <see cref="TrainingCheckpoint.Save"/> can take them down and the run
    /// can resume exactly; <see cref="RestoreBest"/> then gives the best ones.</remarks>
    /// <param name="cancellation">Ends the run after the current step.</param>
    /// <exception cref="ThalwegException">An observer failed: the message names its type; fix it, or leave it out.</exception>
    public TrainingReport Fit(CancellationToken cancellation = default)
    {
        _loop.Begin();
        while (_loop.Next(cancellation))
        {
        }

        return _loop.Report!;
    }

    /// <summary>Trains like <see cref="Fit"/>, and gives the caller each step after its update: the same steps, evaluations, events and
    /// end.</summary>
    /// <remarks>
    /// <code>
    /// foreach (StepReport step in trainer.Steps())
    ///     Console.WriteLine($"{step.Step} {step.Loss} {step.LearningRate}");
    /// </code>
    /// An epoch is evaluated when the step after it is asked for. Where the caller goes through to the end, <see cref="Report"/> has the
    /// result. A caller who leaves the loop earlier has a run that was cancelled: it can be saved, and Fit or Steps continue with it. One
    /// object for the whole loop is all that it allocates.
    /// </remarks>
    /// <param name="cancellation">Ends the run after the current step.</param>
    /// <exception cref="ThalwegException">An observer failed: the message names its type; fix it, or leave it out.</exception>
    public IEnumerable<StepReport> Steps(CancellationToken cancellation = default)
    {
        _loop.Begin();
        try
        {
            while (_loop.Next(cancellation))
            {
                yield return _loop.StepReport();
            }
        }
        finally
        {
            _loop.Leave();
        }
    }

    /// <summary>Asks for the end of the run, from any thread: no further step begins. The run ends like one that stops early, with the
    /// reason <see cref="EndReason.Requested"/>.</summary>
    /// <remarks>For an interruption after which the run is to continue, cancel the token of <see cref="Fit"/> instead: this puts the weights
    /// of the best epoch back.</remarks>
    /// <param name="reason">Why, in a few words: <see cref="TrainingReport.Note"/> repeats it.</param>
    public void RequestStop(string reason)
    {
        ArgumentNullException.ThrowIfNull(reason);
        _loop.RequestStop(reason);
    }

    /// <summary>Makes an objective beside that of the run, on the same network, data, loss and regularizers, to look at other samples or at
    /// the same ones again: scores, statistics and random numbers of the run do not move.</summary>
    /// <param name="samples">Samples that it is turned to at most, 1 or more.</param>
    /// <exception cref="ThalwegException">There is room for no sample, or for more than a step takes of a stream.</exception>
    public TrainingProbe NewProbe(int samples) => new(this, _data, samples);

    /// <summary>Puts back the weights of the best epoch; those of the start where none has ended.</summary>
    public void RestoreBest() => BestWeights.Restore();

    /// <summary>Takes one step on the given samples, outside any epoch and unobserved.</summary>
    /// <param name="samples">Training samples, at most a batch.</param>
    /// <returns>Mean loss before the update; the update is left out where it is not finite.</returns>
    internal double TakeStep(ReadOnlySpan<int> samples) => _loop.TakeStep(samples);

    /// <summary>Whether somebody listens to <see cref="StepEnded"/>.</summary>
    internal bool HasStepHandlers => StepEnded is not null;

    /// <summary>Raises <see cref="StepEnded"/>.</summary>
    internal void Tell(in StepReport step) => StepEnded?.Invoke(step);

    /// <summary>Raises <see cref="StepRecovered"/>.</summary>
    internal void Tell(RecoveryReport recovery) => StepRecovered?.Invoke(recovery);

    /// <summary>Raises <see cref="Ending"/>.</summary>
    internal void Tell(EndReason reason) => Ending?.Invoke(reason);

    /// <summary>Raises <see cref="EpochEnded"/>.</summary>
    internal void Tell(EpochReport epoch) => EpochEnded?.Invoke(epoch);

    /// <summary>Takes over where in its epoch a saved run stood; the method has its state already.</summary>
    internal void Resume(TrainingDocument document)
    {
        if (Window is not null)
        {
            CompletedEpochs = document.CompletedEpochs ?? 0;
            _loop.EpochStart = document.Step - document.BatchInEpoch;
            Window.Seek(document.StreamPass, document.StreamSample);
            Objective.Scores = document.EpochScores ?? Objective.Scores;
            _loop.EpochSeconds = document.EpochSeconds;
            return;
        }

        int epochOfLastStep = Step == 0 ? -1 : _plan.Locate(Step - 1).Epoch;
        CompletedEpochs = document.CompletedEpochs ?? (Method.Ended is null ? Position.Epoch : epochOfLastStep + 1);
        Objective.Scores = document.EpochScores ?? Objective.Scores;
        _loop.EpochSeconds = document.EpochSeconds;
    }

    private static void RefuseState(Module module, TrainerOptions options)
    {
        if (module.IsStateful && options.MicroBatchSize is not null)
        {
            throw new ThalwegException("[train] expected whole batches for a network that carries its state from step to step, got "
                + $"micro-batches of {options.MicroBatchSize}; leave the micro-batch size out");
        }

        if (module.IsStateful && options.Shards > 1)
        {
            throw new ThalwegException("[train] expected 1 shard for a network that carries its state from step to step, got "
                + $"{options.Shards}; leave the shards out");
        }
    }

    private static string WithoutValidation(TrainerOptions options)
    {
        string rules = options.Minimizer is null && options.Optimizer.Any(rule => rule.Needs.Metric)
            ? "; rules that wait for a plateau get no metric"
            : "";
        return $"there are no validation data, so the run cannot stop early and keeps its last weights instead of the best{rules}";
    }
}
