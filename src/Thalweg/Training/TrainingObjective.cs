using Thalweg.Data;
using Thalweg.Layers;
using Thalweg.Losses;
using Thalweg.Metrics;
using Thalweg.Regularizers;

namespace Thalweg.Training;

/// <summary>
/// What a step lowers: loss and regularizers on the samples of the step, as a function of the parameters, with its derivatives.
/// </summary>
/// <remarks>
/// The one place where gradients are computed, whoever makes the update: rules take <see cref="Gradient"/> once or twice, minimizers as
/// often as their search asks, at whatever <see cref="ParameterVector.Values"/> hold then. All evaluations of a step see the same samples,
/// dropout masks and mixtures, so that within a step it is one function. Buffers (statistics of batch normalization) and scores move with
/// the first evaluation alone. The samples are taken in pieces of <see cref="TrainerOptions.MicroBatchSize"/>, whose gradients add up in
/// place.
/// </remarks>
public sealed class TrainingObjective
{
    /// <summary>Steps with fresh tensor objects, in which a module that keeps a tensor across steps is caught.</summary>
    private const int CheckedSteps = 4;

    private readonly TrainerOptions _options;
    private readonly Regularizer[] _regularizers;
    private readonly Loss _loss;
    private readonly OutputForm _form;
    private readonly Batches _batches;
    private readonly StepMemory _memory = new();
    private readonly int[] _samples;
    private readonly int _pieceSize, _mostPieces;
    private readonly bool _needsInputGradient;
    private ReadOnlyMemory<int> _next;
    private int _failed;
    private bool _isRepeat;
    private ScoreKeeper _score;

    internal TrainingObjective(
        Module module, (Loss Loss, OutputForm Form) aim, ParameterVector parameters, Dataset data, TrainerOptions options, ScoreKeeper score)
    {
        (Module, Loss, _form, Parameters, _options, _score) = (module, aim.Loss, aim.Form, parameters, options, score);
        _regularizers = [.. options.Regularizers];
        _loss = _regularizers.Aggregate(aim.Loss, (current, regularizer) => regularizer.Adapt(current));
        _needsInputGradient = Array.Exists(_regularizers, regularizer => regularizer.NeedsInputGradient);
        int largest = new BatchPlan(data.Count, options).LargestSize;
        _samples = new int[largest];
        _pieceSize = Math.Min(options.MicroBatchSize ?? largest, largest);
        _mostPieces = (largest + _pieceSize - 1) / _pieceSize;
        _batches = new Batches(data, _pieceSize, module.DType);
    }

    /// <summary>The network.</summary>
    public Module Module { get; }

    /// <summary>The loss without regularizers.</summary>
    public Loss Loss { get; }

    /// <summary>Where the objective is evaluated, and where its gradient goes.</summary>
    public ParameterVector Parameters { get; }

    /// <summary>Completed steps of the run: names the random numbers of this one.</summary>
    public long Step { get; private set; }

    /// <summary>Samples of the step.</summary>
    public int Count { get; private set; }

    /// <summary>Evaluations in this step so far, with and without gradient.</summary>
    public int Evaluations { get; private set; }

    /// <summary>Mean loss of the last evaluation, without regularizers.</summary>
    public double DataLoss { get; private set; }

    /// <summary>Pieces that the samples are taken in.</summary>
    public int Pieces => (Count + _pieceSize - 1) / _pieceSize;

    /// <summary>Bytes of intermediates that an evaluation takes.</summary>
    internal long MemoryBytes => _memory.Bytes;

    /// <summary>Scores of the epoch so far.</summary>
    internal Evaluation Score => _score.ToEvaluation();

    /// <summary>Loss of the epoch so far.</summary>
    internal double EpochLoss => _score.Loss;

    /// <summary>The value, without a gradient.</summary>
    public double Value() => Evaluate(differentiate: false);

    /// <summary>The value, with the gradient written to <see cref="ParameterVector.Gradients"/>; where the value is not finite the gradient
    /// means nothing.</summary>
    public double Gradient() => Evaluate(differentiate: true);

    /// <summary>Writes the Hessian at the parameters times a vector.</summary>
    /// <param name="vector">The vector, <c>[n]</c>, laid out like <see cref="ParameterVector.Values"/>.</param>
    /// <param name="product">Takes the product, <c>[n]</c>.</param>
    public void HessianProduct(Tensor vector, Tensor product)
    {
        Multiply(vector, product, (loss, _, xs, vectors) => Gradients.HessianVector(loss, xs, vectors));
        foreach (Regularizer regularizer in _regularizers)
        {
            regularizer.AddProduct(Parameters, vector, product);
        }
    }

    /// <summary>Writes the Gauss-Newton matrix at the parameters times a vector; penalties on the parameters add their Hessian.</summary>
    /// <param name="vector">The vector, <c>[n]</c>, laid out like <see cref="ParameterVector.Values"/>.</param>
    /// <param name="product">Takes the product, <c>[n]</c>.</param>
    public void GaussNewtonProduct(Tensor vector, Tensor product)
    {
        Multiply(vector, product, (loss, outputs, xs, vectors) => Gradients.GaussNewtonVector(loss, outputs, xs, vectors));
        foreach (Regularizer regularizer in _regularizers)
        {
            regularizer.AddProduct(Parameters, vector, product);
        }
    }

    /// <summary>Visits the samples of the step piece by piece, each in a step scope of its own, with all that was recorded.</summary>
    /// <remarks>For methods that look inside: factors of layers, Jacobians, sampled targets.</remarks>
    /// <param name="visit">Called with each piece.</param>
    public void Visit(Action<ObjectivePiece> visit)
    {
        ArgumentNullException.ThrowIfNull(visit);
        for (int piece = 0; piece < Pieces; piece++)
        {
            using StepScope scope = _memory.Begin();
            _isRepeat = true;
            visit(Record(piece));
        }
    }

    /// <summary>Turns to the samples of a step.</summary>
    /// <param name="samples">Training samples, at most the largest batch.</param>
    /// <param name="step">Completed steps.</param>
    internal void Begin(ReadOnlySpan<int> samples, long step)
    {
        samples.CopyTo(_samples);
        (Count, Step, Evaluations) = (samples.Length, step, 0);
        _memory.RecycleHandles = step >= CheckedSteps;
    }

    /// <summary>Tells which samples the next step will take, so that they can be fetched meanwhile.</summary>
    /// <param name="samples">The samples; none where that is not known.</param>
    internal void Announce(ReadOnlyMemory<int> samples) => _next = samples;

    /// <summary>Starts the scores of an epoch.</summary>
    internal void ResetScore() => _score.Reset();

    /// <summary>Where the value that was not finite came from, and what to try.</summary>
    internal string Explain()
    {
        using StepScope scope = StepScope.Begin();
        return NonFiniteFinder.Explain(Module, Prepare(_failed).Features, Parameters, Step);
    }

    private double Evaluate(bool differentiate)
    {
        double value = 0, data = 0;
        for (int piece = 0; piece < Pieces; piece++)
        {
            using StepScope scope = _memory.Begin();
            _isRepeat = Evaluations > 0;
            ObjectivePiece part = Record(piece);
            double total = part.Objective.Item();
            (value, data) = (value + total, data + (part.Loss * part.Share));
            if (!double.IsFinite(total))
            {
                (_failed, DataLoss) = (piece, data);
                Evaluations++;
                return value;
            }

            if (differentiate)
            {
                part.Objective.Backward(accumulate: piece > 0);
            }
        }

        for (int i = 0; differentiate && i < _regularizers.Length; i++)
        {
            value += _regularizers[i].AddGradient(Parameters);
        }

        DataLoss = data;
        if (Evaluations++ == 0)
        {
            _score.EndBatch();
        }

        return value;
    }

    /// <summary>Runs the network forward over a piece, recording.</summary>
    private ObjectivePiece Record(int piece)
    {
        SampleBatch batch = Prepare(piece);
        Module.SetStep((Step * _mostPieces) + piece);
        Module.SetRepeat(_isRepeat);
        if (_needsInputGradient)
        {
            batch.Features = RecordedInput(batch.Features);
        }

        Tensor outputs = Module.Forward(batch.Features);
        Tensor data = _loss.Compute(_form.Adapt(outputs), batch.Targets), objective = data;
        double loss = data.Item();
        if (!_isRepeat && double.IsFinite(loss))
        {
            _score.Add(outputs, batch.Labels, loss);
        }

        for (int i = 0; i < _regularizers.Length; i++)
        {
            objective = _regularizers[i].Penalize(data, batch.Features, Parameters) is { } term ? objective.Add(term) : objective;
        }

        double weight = _options.BatchGradient == BatchGradient.Sum ? batch.Count : (double)batch.Count / Count;
        return new ObjectivePiece
        {
            Features = batch.Features,
            Targets = batch.Targets,
            Outputs = outputs,
            Objective = weight == 1 ? objective : objective.Multiply(weight),
            Loss = loss,
            Share = (double)batch.Count / Count,
            Index = piece,
        };
    }

    /// <summary>The samples of a piece after the regularizers that change them.</summary>
    private SampleBatch Prepare(int piece)
    {
        int start = piece * _pieceSize;
        (Tensor features, Tensor labels) = _batches.Take(_samples.AsSpan(start, Math.Min(_pieceSize, Count - start)));
        start += _pieceSize;
        _batches.Announce(start < Count
            ? _samples.AsSpan(start, Math.Min(_pieceSize, Count - start))
            : _next.Span[..Math.Min(_pieceSize, _next.Length)]);
        SampleBatch batch = new(features, labels) { Outputs = _form.Width, Targets = _form.Encode(labels, features.DType) };
        for (int i = 0; i < _regularizers.Length; i++)
        {
            RandomStream stream = new(
                _options.Seed, RandomPurpose.Regularization, ((ulong)i << 48) | (ulong)((Step * _mostPieces) + piece));
            _regularizers[i].Prepare(ref batch, ref stream);
        }

        return batch;
    }

    /// <summary>The inputs as a leaf whose derivative is wanted, with room for it that the step's memory takes back.</summary>
    private static Tensor RecordedInput(Tensor features)
    {
        Tensor input = features.Detach();
        input.RequiresGrad = true;
        input.Gradient = Tensor.Zeros(features.Shape, features.DType);
        return input;
    }

    private void Multiply(Tensor vector, Tensor product, CurvatureProduct multiply)
    {
        bool isFirst = true;
        Visit(piece =>
        {
            Tensor[] products = multiply(piece.Objective, piece.Outputs, Parameters.Leaves, Parameters.Windows(vector));
            Tensor[] targets = Parameters.Windows(product);
            for (int i = 0; i < targets.Length; i++)
            {
                targets[i].Assign(isFirst ? products[i] : targets[i].Add(products[i]));
            }

            isFirst = false;
        });
    }

    private delegate Tensor[] CurvatureProduct(Tensor loss, Tensor outputs, Tensor[] xs, Tensor[] vectors);
}
