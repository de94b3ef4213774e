using System.Diagnostics;
using Thalweg.Data;
using Thalweg.Layers;
using Thalweg.Losses;
using Thalweg.Metrics;
using Thalweg.Optimizers;
using Thalweg.Rules;

namespace Thalweg.Training;

/// <summary>Trains a network by mini-batches, validates after each epoch, stops early and keeps the best weights.</summary>
/// <remarks>
/// Where the optimizer averages weights, or a batch normalization asks for exact statistics, validation and the final network use those.
/// The same seed gives the same bits, for any number of threads. A steady step allocates nothing on the managed heap: the first steps run
/// with fresh tensor objects, so that a module that keeps a tensor across steps is caught, then the objects are used again.
/// </remarks>
public sealed class Trainer
{
    /// <summary>Steps with fresh tensor objects.</summary>
    private const int CheckedSteps = 4;

    private readonly TrainingSet _training;
    private readonly ValidationSet _validation;
    private readonly Evaluator _evaluator;
    private readonly Batches _batches;
    private readonly DeployedState _deployed;
    private readonly StepMemory _memory = new();
    private readonly int[] _order;
    private readonly List<EpochReport> _epochs = [];
    private ScoreKeeper _score;
    private string? _failure;

    /// <summary>Makes a run at its start.</summary>
    /// <param name="module">The network; initialized with the run's seed if it has no values yet.</param>
    /// <param name="training">Data to fit.</param>
    /// <param name="validation">Data to choose the best epoch by.</param>
    /// <param name="options">How to train.</param>
    /// <param name="targetUnit">Size of one standardized unit of a regression target, in its own unit; 1 for classification.</param>
    /// <exception cref="ThalwegException">An option is out of range, or the network does not fit the data.</exception>
    public Trainer(Module module, TrainingSet training, ValidationSet validation, TrainerOptions options, double targetUnit = 1)
    {
        options.Validate(training.Data.Count);
        (Module, _training, _validation, Options) = (module, training, validation, options);
        if (!module.IsInitialized)
        {
            module.Initialize(options.Seed, module.DType);
        }

        Loss = Evaluator.LossOf(training.Data.Task);
        Parameters = new ParameterVector(module);
        Optimizer = new OptimizerRun(options.Optimizer, Parameters.Segments, module.DType);
        _evaluator = new Evaluator(module, Loss, targetUnit);
        _batches = new Batches(training.Data, options.BatchSize, module.DType);
        _order = new int[training.Data.Count];
        _score = new ScoreKeeper(training.Data.Task, targetUnit);
        Keeper = new WeightKeeper(module, Parameters);
        Stopping = new EarlyStopping(options.Patience);
        _deployed = new DeployedState(module, Parameters, Optimizer, training.Data, options.BatchSize);
        CheckFit();
    }

    /// <summary>Raised after each step, on the training thread; must not keep the run waiting.</summary>
    public event Action<StepReport>? StepEnded;

    /// <summary>Raised after each epoch and its validation.</summary>
    public event Action<EpochReport>? EpochEnded;

    /// <summary>The network.</summary>
    public Module Module { get; }

    /// <summary>How the run trains.</summary>
    public TrainerOptions Options { get; }

    /// <summary>The loss.</summary>
    public Loss Loss { get; }

    /// <summary>Weights to come back to.</summary>
    internal WeightKeeper Keeper { get; }

    /// <summary>Watches the validation metric.</summary>
    internal EarlyStopping Stopping { get; }

    /// <summary>Parameters and gradients as flat vectors.</summary>
    public ParameterVector Parameters { get; }

    /// <summary>The optimizer and its state.</summary>
    public OptimizerRun Optimizer { get; }

    /// <summary>Bytes of intermediates that a step takes: activations, their derivatives, and scratch of kernels.</summary>
    public long StepMemoryBytes => _memory.Bytes;

    /// <summary>Steps in an epoch; see <see cref="StepsIn"/>.</summary>
    public int StepsPerEpoch => StepsIn(_order.Length, Options.BatchSize);

    /// <summary>Steps taken so far.</summary>
    public long Step => Optimizer.State.Step;

    /// <summary>Steps in an epoch: the samples divided by the batch size, rounded up; a last batch of one sample alone is left out, because one
    /// sample has no variance to normalize by, and its gradient is the noisiest.</summary>
    /// <param name="samples">Number of training samples.</param>
    /// <param name="batchSize">Samples per step.</param>
    public static int StepsIn(int samples, int batchSize) =>
        (samples / batchSize) + (samples % batchSize > 1 || (samples % batchSize == 1 && samples == 1) ? 1 : 0);

    /// <summary>Trains to the end, from wherever the run stands.</summary>
    /// <remarks>A run that was cancelled keeps its current weights, so that <see cref="TrainingState.Save"/> can take them down and the run can go on
    /// exactly; <see cref="RestoreBest"/> then gives the best ones.</remarks>
    /// <param name="cancellation">Ends the run after the current step.</param>
    public TrainingReport Fit(CancellationToken cancellation = default)
    {
        Stopwatch clock = Stopwatch.StartNew();
        EndReason reason = Stopping.IsDue ? EndReason.EarlyStopping : EndReason.Completed;
        for (int epoch = (int)(Step / StepsPerEpoch); epoch < Options.Epochs && !Stopping.IsDue; epoch++)
        {
            long started = Stopwatch.GetTimestamp();
            if (!RunEpoch(epoch, cancellation))
            {
                reason = _failure is null ? EndReason.Cancelled : EndReason.NonFinite;
                break;
            }

            double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
            _deployed.Enter();
            Evaluation validation = _evaluator.Evaluate(_validation.Data);
            if (Parameters.FirstNonFinite() is not null || !double.IsFinite(validation.Loss))
            {
                _failure = Explain();
                reason = EndReason.NonFinite;
                break;
            }

            Optimizer.Observe(validation.Metric);
            bool best = Stopping.Observe(epoch, validation.Metric, validation.Loss);
            if (best)
            {
                Keeper.Keep();
            }

            _deployed.Leave();
            EpochReport report = new(epoch, _score.ToEvaluation(), validation, best, CurrentRate(), seconds);
            _epochs.Add(report);
            EpochEnded?.Invoke(report);
            if (Stopping.IsDue)
            {
                reason = EndReason.EarlyStopping;
                break;
            }
        }

        if (reason == EndReason.NonFinite || (reason != EndReason.Cancelled && Options.RestoreBest && Stopping.BestEpoch >= 0))
        {
            RestoreBest();
        }
        else if (reason != EndReason.Cancelled)
        {
            _deployed.Enter();
        }

        Module.SetTraining(false);
        return new TrainingReport(reason, _epochs, Stopping.BestEpoch, Step, clock.Elapsed.TotalSeconds, _failure);
    }

    /// <summary>Puts back the weights of the best epoch; those of the start where none has ended.</summary>
    public void RestoreBest() => Keeper.Restore();

    /// <summary>Takes one step on the given samples.</summary>
    /// <param name="samples">Training samples, at most a batch.</param>
    /// <returns>Mean loss before the update; the update is left out where it is not finite.</returns>
    internal double TakeStep(ReadOnlySpan<int> samples)
    {
        Module.SetStep(Step);
        _memory.RecycleHandles = Step >= CheckedSteps;
        using StepScope scope = _memory.Begin();
        (Tensor x, Tensor t) = _batches.Take(samples);
        Optimizer.MoveTo(0, Parameters.Values, Parameters.Gradients);
        Tensor y = Module.Forward(x);
        Tensor loss = Loss.Compute(y, t);
        double value = loss.Item();
        if (!double.IsFinite(value))
        {
            _failure = NonFiniteFinder.Explain(Module, x, Parameters, Step);
            return value;
        }

        _score.Add(y, t, value);
        loss.Backward();
        for (int evaluation = 1; evaluation < Optimizer.Evaluations; evaluation++)
        {
            Optimizer.MoveTo(evaluation, Parameters.Values, Parameters.Gradients);
            Loss.Compute(Module.Forward(x), t).Backward();
        }

        Optimizer.Step(Parameters.Values, Parameters.Gradients);
        return value;
    }

    private bool RunEpoch(int epoch, CancellationToken cancellation)
    {
        _training.FillOrder(Options.Seed, epoch, _order);
        _score.Reset();
        Module.SetTraining(true);
        int steps = StepsPerEpoch;
        for (int step = (int)(Step % steps); step < steps; step++)
        {
            if (cancellation.IsCancellationRequested)
            {
                return false;
            }

            int start = step * Options.BatchSize, count = Math.Min(Options.BatchSize, _order.Length - start);
            double loss = TakeStep(_order.AsSpan(start, count));
            if (_failure is not null)
            {
                return false;
            }

            StepEnded?.Invoke(new StepReport(epoch, Step - 1, step, steps, start + count, loss, _score.Loss));
        }

        return true;
    }

    private string Explain()
    {
        using StepScope scope = StepScope.Begin();
        (Tensor x, _) = _batches.Take(_order.AsSpan(0, Math.Min(Options.BatchSize, _order.Length)));
        return NonFiniteFinder.Explain(Module, x, Parameters, Step);
    }

    /// <summary>The learning rate that the last step used.</summary>
    private double CurrentRate() =>
        Options.Optimizer.OfType<ScaleByLearningRate>().Select(r => r.LearningRate.At(Step - 1)).FirstOrDefault(double.NaN);

    /// <summary>One forward pass over one sample, so that a network of the wrong sizes is refused before the run.</summary>
    private void CheckFit()
    {
        Dataset data = _training.Data;
        using StepScope scope = StepScope.Begin();
        using NoGrad silence = NoGrad.Begin();
        (Tensor x, Tensor t) = _batches.Take(_order.AsSpan(0, 1));
        bool training = Module.IsTraining;
        Module.SetTraining(false);
        Shape outputs = Module.Forward(x).Shape;
        Module.SetTraining(training);
        int expected = data.Task == TaskKind.Classification ? data.ClassNames.Count : 1;
        if (outputs != new Shape(t.Shape[0], expected))
        {
            throw new ThalwegException($"[train] expected a network with {expected} outputs for this data, got outputs of shape {outputs}; change the last layer");
        }
    }
}
