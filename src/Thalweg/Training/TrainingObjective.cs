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
/// place, each by its weight: see <see cref="Loss.TotalWeight"/>.
/// </remarks>
public sealed class TrainingObjective
{
    /// <summary>Steps with fresh tensor objects, in which a module that keeps a tensor across steps is caught.</summary>
    private const int CheckedSteps = 4;

    private readonly TrainerOptions _options;
    private readonly Regularizer[] _regularizers;
    private readonly Loss _loss;
    private readonly StepSamples _samples;
    private readonly StepMemory _memory = new();
    private readonly bool _needsInputGradient;
    private readonly StepGradient? _gradient;
    private int _failed;
    private ScoreKeeper _score;

    internal TrainingObjective(
        Module module, (Loss Loss, OutputForm Form) aim, ParameterVector parameters, Dataset data, TrainerOptions options,
        ScoreKeeper score)
    {
        (Module, Loss, Parameters, _options, _score) = (module, aim.Loss, parameters, options, score);
        _regularizers = [.. options.Regularizers];
        _loss = _regularizers.Aggregate(aim.Loss, (current, regularizer) => regularizer.Adapt(current));
        _needsInputGradient = Array.Exists(_regularizers, regularizer => regularizer.NeedsInputGradient);
        _samples = new StepSamples(data, module.DType, (_loss, aim.Form), options);
        double factor = _regularizers.Sum(regularizer => regularizer.GradientFactor);
        _gradient = factor > 0 ? new StepGradient(parameters, factor) : null;
    }

    /// <summary>The network.</summary>
    public Module Module { get; }

    /// <summary>The loss without regularizers.</summary>
    public Loss Loss { get; }

    /// <summary>Where the objective is evaluated, and where its gradient goes.</summary>
    public ParameterVector Parameters { get; }

    /// <summary>Completed steps of the run: names the random numbers of this one.</summary>
    public long Step => _samples.Step;

    /// <summary>Samples of the step.</summary>
    public int Count => _samples.Count;

    /// <summary>What the mean loss of the step divides by: the number of its samples, or the sum of their weights; known once a piece has
    /// been computed.</summary>
    public double TotalWeight { get; private set; }

    /// <summary>Evaluations in this step so far, with and without gradient.</summary>
    public int Evaluations { get; private set; }

    /// <summary>Mean loss of the last evaluation, without regularizers.</summary>
    public double DataLoss { get; private set; }

    /// <summary>Pieces that the samples are taken in.</summary>
    public int Pieces => _samples.Pieces;

    /// <summary>Bytes of intermediates that an evaluation takes.</summary>
    internal long MemoryBytes => _memory.Bytes;

    /// <summary>Scores of the epoch so far.</summary>
    internal Evaluation Score => _score.ToEvaluation();

    /// <summary>What the scores of the epoch so far are made of, as a saved run keeps it.</summary>
    internal EpochScores Scores
    {
        get => _score.Sums;
        set => _score.Sums = value;
    }

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
        if (IsCoupled)
        {
            double scale = _options.BatchGradient == BatchGradient.Sum ? TotalWeight : 1;
            _gradient!.AddCurvature(
                scale, vector, product,
                (from, to) => Multiply(
                    from, to, (loss, _, xs, vectors) => Gradients.HessianVector(loss, xs, vectors), withPenalties: false));
        }

        AddPenalties(vector, product);
    }

    /// <summary>Writes the Gauss-Newton matrix at the parameters times a vector; penalties on the parameters add their Hessian.</summary>
    /// <param name="vector">The vector, <c>[n]</c>, laid out like <see cref="ParameterVector.Values"/>.</param>
    /// <param name="product">Takes the product, <c>[n]</c>.</param>
    public void GaussNewtonProduct(Tensor vector, Tensor product)
    {
        Multiply(vector, product, (loss, outputs, xs, vectors) => Gradients.GaussNewtonVector(loss, outputs, xs, vectors));
        AddPenalties(vector, product);
    }

    /// <summary>Visits the samples of the step piece by piece, each in a step scope of its own, with all that was recorded.</summary>
    /// <remarks>For methods that look inside: factors of layers, Jacobians, sampled targets.</remarks>
    /// <param name="visit">Called with each piece.</param>
    public void Visit(Action<ObjectivePiece> visit)
    {
        ArgumentNullException.ThrowIfNull(visit);
        VisitPieces(visit, withPenalties: true);
    }

    /// <summary>Turns to the samples of a step.</summary>
    /// <param name="samples">Training samples, at most the largest batch.</param>
    /// <param name="step">Completed steps.</param>
    internal void Begin(ReadOnlySpan<int> samples, long step)
    {
        _samples.Begin(samples, step);
        Evaluations = 0;
        _memory.RecycleHandles = step >= CheckedSteps;
    }

    /// <summary>Tells which samples the next step will take, so that they can be fetched meanwhile.</summary>
    /// <param name="samples">The samples; none where that is not known.</param>
    internal void Announce(ReadOnlyMemory<int> samples) => _samples.Announce(samples);

    /// <summary>Starts the scores of an epoch.</summary>
    internal void ResetScore() => _score.Reset();

    /// <summary>Where the value that was not finite came from, and what to try.</summary>
    internal string Explain()
    {
        using StepScope scope = StepScope.Begin();
        return NonFiniteFinder.Explain(Module, _samples.Take(_failed).Features, Parameters, Step);
    }

    /// <summary>Whether a regularizer's term needs the gradient of the whole step before the first piece.</summary>
    private bool IsCoupled => _gradient is not null && Pieces > 1;

    private double Evaluate(bool differentiate)
    {
        bool isRepeat = Evaluations > 0;
        if (IsCoupled)
        {
            MeasureGradient(isRepeat);
            isRepeat = true;
        }

        double value = 0, data = 0;
        for (int piece = 0; piece < Pieces; piece++)
        {
            using StepScope scope = _memory.Begin();
            ObjectivePiece part = Record(piece, isRepeat, withPenalties: true);
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
    private ObjectivePiece Record(int piece, bool isRepeat, bool withPenalties)
    {
        SampleBatch batch = _samples.Take(piece);
        Module.SetStep(_samples.PlaceOf(piece));
        Module.SetRepeat(isRepeat);
        if (_needsInputGradient)
        {
            batch.RecordFeatures();
        }

        Tensor outputs = batch.Forward(Module);
        Tensor data = batch.MeanLoss(outputs), objective = data;
        double loss = data.Item();
        if (!isRepeat && double.IsFinite(loss))
        {
            _score.Add(outputs, batch.Labels, loss, batch.TotalWeight);
        }

        TotalWeight = _samples.TotalWeight(batch);
        PenalizedLoss penalized = new(data, batch.Features, Parameters)
        {
            Samples = TotalWeight > 0 ? batch.TotalWeight * Count / TotalWeight : 0,
            StepGradient = IsCoupled ? _gradient!.Parts : null,
        };
        for (int i = 0; withPenalties && i < _regularizers.Length; i++)
        {
            objective = _regularizers[i].Penalize(penalized) is { } term ? objective.Add(term) : objective;
        }

        double share = TotalWeight > 0 ? batch.TotalWeight / TotalWeight : 0;
        double weight = _options.BatchGradient == BatchGradient.Sum ? batch.TotalWeight : share;
        return new ObjectivePiece
        {
            Features = batch.Features,
            Targets = batch.Targets,
            Outputs = outputs,
            Objective = weight == 1 ? objective : objective.Multiply(weight),
            Loss = loss,
            Share = share,
            SampleWeights = _loss.FullWeights(batch.Targets, batch.Weights, outputs.DType),
            Index = piece,
        };
    }

    /// <summary>Takes the gradient of the mean loss over all pieces, without penalties.</summary>
    private void MeasureGradient(bool isRepeat)
    {
        _gradient!.Clear();
        for (int piece = 0; piece < Pieces; piece++)
        {
            using StepScope scope = _memory.Begin();
            Tensor part = Record(piece, isRepeat, withPenalties: false).Objective;
            double scale = _options.BatchGradient == BatchGradient.Mean ? 1 : TotalWeight > 0 ? 1 / TotalWeight : 0;
            _gradient.Add(scale == 1 ? part : part.Multiply(scale));
        }
    }

    private void VisitPieces(Action<ObjectivePiece> visit, bool withPenalties)
    {
        if (withPenalties && IsCoupled)
        {
            MeasureGradient(isRepeat: true);
        }

        for (int piece = 0; piece < Pieces; piece++)
        {
            using StepScope scope = _memory.Begin();
            visit(Record(piece, isRepeat: true, withPenalties));
        }
    }

    private void AddPenalties(Tensor vector, Tensor product)
    {
        foreach (Regularizer regularizer in _regularizers)
        {
            regularizer.AddProduct(Parameters, vector, product);
        }
    }

    private void Multiply(Tensor vector, Tensor product, CurvatureProduct multiply, bool withPenalties = true)
    {
        bool isFirst = true;
        VisitPieces(piece =>
        {
            Tensor[] products = multiply(piece.Objective, piece.Outputs, Parameters.Leaves, Parameters.Windows(vector));
            Tensor[] targets = Parameters.Windows(product);
            for (int i = 0; i < targets.Length; i++)
            {
                targets[i].Assign(isFirst ? products[i] : targets[i].Add(products[i]));
            }

            isFirst = false;
        }, withPenalties);
    }

    private delegate Tensor[] CurvatureProduct(Tensor loss, Tensor outputs, Tensor[] xs, Tensor[] vectors);
}
