using Thalweg.Layers;
using Thalweg.Losses;

namespace Thalweg.Training;

/// <summary>Some samples of a step of a custom loop.</summary>
/// <param name="Features">Inputs, <c>[samples, ...]</c>.</param>
/// <param name="Targets">What the loss compares the outputs with.</param>
/// <param name="SampleWeights">Weights of the samples in the loss, <c>[samples]</c>; null (default) for 1.</param>
public readonly record struct MicroBatch(Tensor Features, Tensor Targets, Tensor? SampleWeights = null);

/// <summary>The loss of a network on batches that the caller brings, for a custom training loop with any optimizer.</summary>
/// <remarks>
/// <code>
/// ParameterVector parameters = new(network);
/// OptimizerRun optimizer = new(new Kfac(0.03), parameters.Segments);
/// BatchObjective objective = new(network, Loss.SoftmaxCrossEntropy, parameters);
/// for (long step = 0; step &lt; 1000; step++)
/// {
///     objective.Begin(step, new MicroBatch(features, labels));
///     double loss = optimizer.TakeGradient(objective);
///     optimizer.Step(parameters.Values, parameters.Gradients);
/// }
/// </code>
/// Several micro-batches make one step, whose gradient is that of the mean over all their samples: large batches in the memory of a small one.
/// Intermediates live in a step scope of the objective, so that a steady step allocates nothing.
/// </remarks>
public sealed class BatchObjective : StepObjective
{
    private readonly Module _module;
    private readonly MicroBatch[] _microBatches;
    private readonly double[] _weights;
    private int _count;
    private long _step;

    /// <summary>Makes the objective.</summary>
    /// <param name="module">The network, initialized.</param>
    /// <param name="loss">The loss.</param>
    /// <param name="parameters">The network's parameters.</param>
    /// <param name="maxMicroBatches">Micro-batches of a step at most, 1 or more; default 1.</param>
    /// <param name="seed">Names the random numbers of estimates of curvature; default 1.</param>
    /// <exception cref="ThalwegException">There is room for no micro-batch: give 1 or more.</exception>
    public BatchObjective(Module module, Loss loss, ParameterVector parameters, int maxMicroBatches = 1, ulong seed = 1)
        : base(parameters, seed)
    {
        ArgumentNullException.ThrowIfNull(module);
        ArgumentNullException.ThrowIfNull(loss);
        if (maxMicroBatches < 1)
        {
            throw new ThalwegException($"[train] expected room for 1 or more pieces of a step, got {maxMicroBatches}");
        }

        (_module, Loss, _microBatches, _weights) = (module, loss, new MicroBatch[maxMicroBatches], new double[maxMicroBatches]);
    }

    /// <inheritdoc/>
    public override Loss Loss { get; }

    /// <inheritdoc/>
    public override long Step => _step;

    /// <inheritdoc/>
    public override int MicroBatchCount => _count;

    /// <summary>Turns to the samples of a step.</summary>
    /// <param name="step">Completed steps, from 0: names the dropout masks of this one, so that no step may have the number of
    /// another.</param>
    /// <param name="microBatches">The samples, in one micro-batch or several; the tensors must live until the step is over.</param>
    /// <exception cref="ThalwegException">There is no micro-batch, or there are more than the objective has room for.</exception>
    public void Begin(long step, params ReadOnlySpan<MicroBatch> microBatches)
    {
        if (microBatches.IsEmpty || microBatches.Length > _microBatches.Length)
        {
            throw new ThalwegException(
                $"[train] expected 1 to {_microBatches.Length} pieces of a step, got {microBatches.Length}; make the objective with " +
                "mostPieces for more");
        }

        microBatches.CopyTo(_microBatches);
        (_step, _count, TotalWeight) = (step, microBatches.Length, 0);
        for (int i = 0; i < microBatches.Length; i++)
        {
            _weights[i] = Loss.TotalWeight(microBatches[i].Targets, microBatches[i].SampleWeights);
            TotalWeight += _weights[i];
        }

        Begin();
    }

    private protected override MicroBatchObjective Record(int microBatch, bool isRepeat)
    {
        MicroBatch samples = _microBatches[microBatch];
        ForwardOptions options = new() { IsTraining = true, Step = (_step * _microBatches.Length) + microBatch, IsRepeat = isRepeat };
        using ForwardScope context = ForwardContext.Begin(options);
        Tensor outputs = _module.Forward(samples.Features);
        Tensor loss = samples.SampleWeights is { } weights
            ? Loss.Compute(outputs, samples.Targets, weights)
            : Loss.Compute(outputs, samples.Targets);
        double share = TotalWeight > 0 ? _weights[microBatch] / TotalWeight : 0;
        return new MicroBatchObjective
        {
            Features = samples.Features,
            Targets = samples.Targets,
            Outputs = outputs,
            Objective = share == 1 ? loss : loss.Multiply(share),
            Loss = loss.Item(),
            Share = share,
            SampleWeights = Loss.FullWeights(samples.Targets, samples.SampleWeights, outputs.DType),
            Index = microBatch,
        };
    }
}
