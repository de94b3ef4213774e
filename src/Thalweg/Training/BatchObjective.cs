using Thalweg.Layers;
using Thalweg.Losses;

namespace Thalweg.Training;

/// <summary>Some samples of a step of a loop of one's own.</summary>
/// <param name="Features">Inputs, <c>[samples, ...]</c>.</param>
/// <param name="Targets">What the loss compares the outputs with.</param>
/// <param name="SampleWeights">Weights of the samples in the loss, <c>[samples]</c>; null (default) for 1.</param>
public readonly record struct BatchPiece(Tensor Features, Tensor Targets, Tensor? SampleWeights = null);

/// <summary>The loss of a network on batches that the caller brings, for a training loop of one's own with any optimizer.</summary>
/// <remarks>
/// <code>
/// ParameterVector parameters = new(network);
/// OptimizerRun optimizer = new(new Kfac(0.03), parameters.Segments);
/// BatchObjective objective = new(network, Loss.SoftmaxCrossEntropy, parameters);
/// for (long step = 0; step &lt; 1000; step++)
/// {
///     objective.Begin(step, new BatchPiece(features, labels));
///     double loss = optimizer.TakeGradient(objective);
///     optimizer.Step(parameters.Values, parameters.Gradients);
/// }
/// </code>
/// Several pieces make one step, whose gradient is that of the mean over all their samples: large batches in the memory of a small one.
/// Intermediates live in a step scope of the objective, so that a steady step allocates nothing.
/// </remarks>
public sealed class BatchObjective : StepObjective
{
    private readonly Module _module;
    private readonly BatchPiece[] _pieces;
    private readonly double[] _weights;
    private int _count;
    private long _step;

    /// <summary>Makes the objective.</summary>
    /// <param name="module">The network, initialized.</param>
    /// <param name="loss">The loss.</param>
    /// <param name="parameters">The network's parameters.</param>
    /// <param name="mostPieces">Pieces of a step at most, 1 or more; default 1.</param>
    /// <param name="seed">Names the random numbers of estimates of curvature; default 1.</param>
    /// <exception cref="ThalwegException">There is room for no piece: give 1 or more.</exception>
    public BatchObjective(Module module, Loss loss, ParameterVector parameters, int mostPieces = 1, ulong seed = 1)
        : base(parameters, seed)
    {
        ArgumentNullException.ThrowIfNull(module);
        ArgumentNullException.ThrowIfNull(loss);
        if (mostPieces < 1)
        {
            throw new ThalwegException($"[train] expected room for 1 or more pieces of a step, got {mostPieces}");
        }

        (_module, Loss, _pieces, _weights) = (module, loss, new BatchPiece[mostPieces], new double[mostPieces]);
    }

    /// <inheritdoc/>
    public override Loss Loss { get; }

    /// <inheritdoc/>
    public override long Step => _step;

    /// <inheritdoc/>
    public override int Pieces => _count;

    /// <summary>Turns to the samples of a step.</summary>
    /// <param name="step">Completed steps, from 0: names the dropout masks of this one, so that no step may have the number of
    /// another.</param>
    /// <param name="pieces">The samples, in one piece or several; the tensors must live until the step is over.</param>
    /// <exception cref="ThalwegException">There is no piece, or there are more than the objective has room for.</exception>
    public void Begin(long step, params ReadOnlySpan<BatchPiece> pieces)
    {
        if (pieces.IsEmpty || pieces.Length > _pieces.Length)
        {
            throw new ThalwegException(
                $"[train] expected 1 to {_pieces.Length} pieces of a step, got {pieces.Length}; make the objective with mostPieces for more");
        }

        pieces.CopyTo(_pieces);
        (_step, _count, TotalWeight) = (step, pieces.Length, 0);
        for (int i = 0; i < pieces.Length; i++)
        {
            _weights[i] = Loss.TotalWeight(pieces[i].Targets, pieces[i].SampleWeights);
            TotalWeight += _weights[i];
        }

        Begin();
    }

    private protected override ObjectivePiece Record(int piece, bool isRepeat)
    {
        BatchPiece samples = _pieces[piece];
        ForwardOptions options = new() { IsTraining = true, Step = (_step * _pieces.Length) + piece, IsRepeat = isRepeat };
        using ForwardScope context = ForwardContext.Begin(options);
        Tensor outputs = _module.Forward(samples.Features);
        Tensor loss = samples.SampleWeights is { } weights
            ? Loss.Compute(outputs, samples.Targets, weights)
            : Loss.Compute(outputs, samples.Targets);
        double share = TotalWeight > 0 ? _weights[piece] / TotalWeight : 0;
        return new ObjectivePiece
        {
            Features = samples.Features,
            Targets = samples.Targets,
            Outputs = outputs,
            Objective = share == 1 ? loss : loss.Multiply(share),
            Loss = loss.Item(),
            Share = share,
            SampleWeights = Loss.FullWeights(samples.Targets, samples.SampleWeights, outputs.DType),
            Index = piece,
        };
    }
}
