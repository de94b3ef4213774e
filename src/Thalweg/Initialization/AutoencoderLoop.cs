using Thalweg.Data;
using Thalweg.Layers;
using Thalweg.Losses;
using Thalweg.Optimizers;
using Thalweg.Training;

namespace Thalweg.Initialization;

/// <summary>Trains one autoencoder: the loop of all training, with the reconstruction of what the layers below put out.</summary>
internal sealed class AutoencoderLoop : StepLoop
{
    private readonly PretrainingOptions _options;
    private readonly TrainingSet _training;
    private readonly Autoencoder _autoencoder;
    private readonly OptimizerRun _optimizer;
    private readonly ReconstructionObjective _objective;
    private readonly Batches _batches;
    private readonly MicroBatches _microBatches;
    private readonly int[] _order;

    /// <param name="modules">The network, whose parts from <paramref name="place"/> on are trained.</param>
    /// <param name="place">First module of the encoder, and the one after its last.</param>
    /// <param name="training">Data to fit.</param>
    /// <param name="options">Settings.</param>
    public AutoencoderLoop(Module[] modules, (int From, int To) place, TrainingSet training, PretrainingOptions options)
    {
        (_options, _training) = (options, training);
        _autoencoder = new Autoencoder(modules[place.From..place.To], options, (ulong)place.From);
        ParameterVector parameters = new(_autoencoder);
        DType dtype = parameters.Values.DType;
        _optimizer = new OptimizerRun(options.Optimizer, parameters.Segments, dtype);
        _objective = new ReconstructionObjective(_autoencoder, modules[..place.From], parameters, options.Seed);
        _microBatches = new MicroBatches(training.Data.Count, options.BatchSize);
        _batches = new Batches(training.Data, _microBatches.Largest, dtype);
        _order = new int[training.Data.Count];
        Begin(0);
    }

    /// <summary>Steps taken.</summary>
    public long Steps => _optimizer.State.Step;

    /// <summary>Mean squared error of the reconstruction over the first epoch, and over the last or the one under
    /// way, per number.</summary>
    public (double First, double Last) Loss { get; private set; }

    protected override int Epochs => _options.Epochs;

    protected override (int Next, int Count) BeginEpoch()
    {
        _training.FillOrder(_options.Seed, Epoch, _order);
        Loss = (Loss.First, 0);
        return (0, _microBatches.Count);
    }

    protected override bool TakeStep()
    {
        _objective.Begin(_batches.Take(_microBatches.Of(_order, StepInEpoch)).Features, Steps);
        double value = _optimizer.TakeGradient(_objective);
        if (!double.IsFinite(value))
        {
            throw new ThalwegException($"[pretraining] the reconstruction error became {value} at step {Steps}; try a learning rate ten " +
                "times smaller, or standardize the inputs");
        }

        ParameterVector parameters = _objective.Parameters;
        _optimizer.Step(parameters.Values, parameters.Gradients);
        double last = Loss.Last + (value * _microBatches[StepInEpoch].Count / _order.Length);
        Loss = (Epoch == 0 ? last : Loss.First, last);
        return true;
    }

    protected override EndReason? EndEpoch() => null;

    /// <summary>The mean squared error of the reconstruction of a batch.</summary>
    private sealed class ReconstructionObjective(Autoencoder autoencoder, Module[] below, ParameterVector parameters, ulong seed)
        : StepObjective(parameters, seed)
    {
        private Tensor? _features;
        private long _step;

        public override Loss Loss => Losses.Loss.MeanSquaredError;

        public override long Step => _step;

        public override int MicroBatchCount => 1;

        public void Begin(Tensor features, long step)
        {
            (_features, _step, TotalWeight) = (features, step, features.Shape[0]);
            Begin();
        }

        private protected override MicroBatchObjective Record(int microBatch, bool isRepeat)
        {
            ForwardOptions options = new() { IsTraining = true, Step = _step, IsRepeat = isRepeat };
            using ForwardScope context = ForwardContext.Begin(options);
            Tensor x = Through(_features!), outputs = autoencoder.Forward(x), loss = outputs.Subtract(x).Square().Mean();
            return new MicroBatchObjective
            {
                Features = x,
                Targets = x,
                Outputs = outputs,
                Objective = loss,
                Loss = loss.Item(),
                Share = 1,
                Index = microBatch,
            };
        }

        private Tensor Through(Tensor x)
        {
            using NoGrad silence = NoGrad.Begin();
            using ForwardScope context = ForwardContext.Evaluation();
            return below.Aggregate(x, (signal, module) => module.Forward(signal));
        }
    }
}
