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
/// The one place where gradients are computed, whatever makes the update: rules take <see cref="StepObjective.Gradient"/> once or twice,
/// minimizers as often as their search asks, at whatever <see cref="ParameterVector.Values"/> hold then. All evaluations of a step see the
/// same samples, dropout masks and mixtures, so that within a step it is one function. Buffers (statistics of batch normalization) and
/// scores move with the first evaluation alone. The samples are taken in micro-batches of <see cref="TrainerOptions.MicroBatchSize"/>, whose
/// gradients add up in place, each by its weight: see <see cref="Loss.TotalWeight"/>. With <see cref="TrainerOptions.Shards"/> each shard
/// is a micro-batch of its own, and an empty one is left out.
/// </remarks>
public sealed partial class TrainingObjective : StepObjective
{
    private readonly TrainerOptions _options;
    private readonly Regularizer[] _regularizers;
    private readonly Loss _loss;
    private readonly StepSamples _samples;
    private readonly bool _needsInputGradient;
    private readonly StepGradient? _gradient;
    private readonly bool _isProbe;
    private int _failed;
    private MetricAccumulator _score, _scoreBefore;

    internal TrainingObjective(
        Module module, (Loss Loss, OutputForm Form) aim, ParameterVector parameters, Dataset data, TrainerOptions options,
        MetricAccumulator score, bool isProbe = false)
        : base(parameters, options.Seed)
    {
        _isProbe = isProbe;
        (Module, Loss, _options, _score) = (module, aim.Loss, options, score);
        _regularizers = [.. options.Regularizers];
        _loss = _regularizers.Aggregate(aim.Loss, (current, regularizer) => regularizer.Adapt(current));
        _needsInputGradient = Array.Exists(_regularizers, regularizer => regularizer.NeedsInputGradient);
        _samples = new StepSamples(data, module.DType, (_loss, aim.Form), options);
        double factor = _regularizers.Sum(regularizer => regularizer.GradientFactor);
        _gradient = factor > 0 ? new StepGradient(parameters, factor) : null;
        BeginShards();
    }

    /// <summary>The network.</summary>
    public Module Module { get; }

    /// <inheritdoc/>
    public override Loss Loss { get; }

    /// <inheritdoc/>
    public override long Step => _samples.Step;

    /// <inheritdoc/>
    public override int MicroBatchCount => _samples.MicroBatchCount;

    /// <summary>Samples of the step.</summary>
    public int Count => _samples.Count;

    /// <summary>Bytes of intermediates that an evaluation takes.</summary>
    internal long MemoryBytes => Memory.Bytes + (_shards?.MemoryBytes ?? 0);

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

    /// <inheritdoc/>
    public override void HessianProduct(Tensor vector, Tensor product)
    {
        base.HessianProduct(vector, product);
        if (IsCoupled)
        {
            double scale = _options.BatchGradient == BatchGradient.Sum ? TotalWeight : 1;
            _gradient!.AddCurvature(
                scale, vector, product,
                (from, to) => Multiply(
                    from, to, (loss, _, xs, vectors) => Gradients.HessianVector(loss, xs, vectors),
                    visit => VisitMicroBatches(visit, withPenalties: false)));
        }

        AddPenalties(vector, product);
    }

    /// <inheritdoc/>
    public override void GaussNewtonProduct(Tensor vector, Tensor product)
    {
        base.GaussNewtonProduct(vector, product);
        AddPenalties(vector, product);
    }

    /// <inheritdoc/>
    public override void Visit(Action<MicroBatchObjective> visit)
    {
        ArgumentNullException.ThrowIfNull(visit);
        VisitMicroBatches(visit, withPenalties: true);
    }

    /// <summary>The loss of each sample of a micro-batch, without regularizers on the parameters; of several outputs or places of a sample
    /// the mean.</summary>
    /// <param name="pass">The micro-batch; its step scope is open.</param>
    /// <returns><c>[samples]</c>.</returns>
    public Tensor SampleLosses(in MicroBatchObjective pass)
    {
        Tensor each = _loss.Compute(_samples.Adapt(pass.Outputs), pass.Targets, Reduction.None);
        int samples = pass.Outputs.Shape[0];
        return each.Length == samples ? each.Reshape([samples]) : each.Reshape([samples, checked((int)(each.Length / samples))]).Mean(1);
    }

    /// <summary>Turns to the samples of a step.</summary>
    /// <param name="samples">Training samples, at most the largest batch.</param>
    /// <param name="step">Completed steps.</param>
    internal void Begin(ReadOnlySpan<int> samples, long step)
    {
        _samples.Begin(samples, step);
        _score.Mark(ref _scoreBefore);
        Begin();
        BeginStepOfShards();
    }

    /// <summary>Tells which samples the next step will take, so that they can be fetched meanwhile.</summary>
    /// <param name="samples">The samples; none where that is not known.</param>
    internal void Announce(ReadOnlyMemory<int> samples) => _samples.Announce(samples);

    /// <summary>Starts the scores of an epoch.</summary>
    internal void ResetScore() => _score.Reset();

    /// <summary>Takes the step's samples out of the scores of the epoch, because the step was given up.</summary>
    internal void Abandon() => _score.Return(_scoreBefore);

    /// <summary>Where the value that was not finite came from, and what to try.</summary>
    internal string Explain()
    {
        using StepScope scope = StepScope.Begin();
        return NonFiniteFinder.Explain(Module, _samples.TakeAllShards(_failed).Features, Parameters, (Step, _samples.PositionOf(_failed)));
    }

    /// <summary>Whether a regularizer's term needs the gradient of the whole step before the first micro-batch.</summary>
    private bool IsCoupled => _gradient is not null && MicroBatchCount > 1;

    private protected override bool BeginEvaluation()
    {
        bool isRepeat = Evaluations > 0 || _isProbe;
        if (IsCoupled)
        {
            MeasureGradient(isRepeat);
        }

        return isRepeat || IsCoupled;
    }

    private protected override double EndEvaluation(double value, bool differentiate)
    {
        for (int i = 0; differentiate && i < _regularizers.Length; i++)
        {
            value += _regularizers[i].AddGradient(Parameters);
        }

        if (Evaluations == 0 && !_isProbe)
        {
            _score.EndBatch();
        }

        return value;
    }

    private protected override void Fail(int microBatch) => _failed = microBatch;

    private protected override MicroBatchObjective Record(int microBatch, bool isRepeat) => Record(microBatch, isRepeat, withPenalties: true);

    /// <summary>Runs the network forward over a micro-batch, recording.</summary>
    private MicroBatchObjective Record(int microBatch, bool isRepeat, bool withPenalties)
    {
        SampleBatch batch = _samples.Take(microBatch);
        int shard = microBatch % _options.Shards;
        ForwardOptions options = new()
        {
            IsTraining = true,
            Step = _samples.PositionOf(microBatch),
            IsRepeat = isRepeat || _shards?.IsFirst(shard) == false,
            Shards = _shards?.GroupOf(shard),
        };
        using ForwardScope context = ForwardContext.Begin(options);
        if (_needsInputGradient)
        {
            batch.RecordFeatures();
        }

        Tensor outputs = batch.Forward(Module);
        Tensor data = batch.MeanLoss(outputs), objective = data;
        double loss = data.Item();
        if (!isRepeat && double.IsFinite(loss))
        {
            ScoreOf(shard).Add(outputs, batch.Labels, loss, batch.TotalWeight);
        }

        TotalWeight = _samples.TotalWeight(batch);
        PenalizedLoss penalized = new(data, batch.Features, Parameters)
        {
            Outputs = outputs,
            Targets = batch.Targets,
            Samples = TotalWeight > 0 ? batch.TotalWeight * Count / TotalWeight : 0,
            StepGradient = IsCoupled ? _gradient!.Parts : null,
        };
        for (int i = 0; withPenalties && i < _regularizers.Length; i++)
        {
            objective = _regularizers[i].Penalize(penalized) is { } term ? objective.Add(term) : objective;
        }

        double share = TotalWeight > 0 ? batch.TotalWeight / TotalWeight : 0;
        double weight = _options.BatchGradient == BatchGradient.Sum ? batch.TotalWeight : share;
        return new MicroBatchObjective
        {
            Features = batch.Features,
            Targets = batch.Targets,
            Outputs = outputs,
            Objective = weight == 1 ? objective : objective.Multiply(weight),
            Loss = loss,
            Share = share,
            SampleWeights = _loss.FullWeights(batch.Targets, batch.Weights, outputs.DType),
            Index = microBatch,
        };
    }

    /// <summary>Takes the gradient of the mean loss over all micro-batches, without penalties.</summary>
    private void MeasureGradient(bool isRepeat)
    {
        if (_shards is not null)
        {
            MeasureGradientOfShards(isRepeat);
            return;
        }

        _gradient!.Clear();
        for (int microBatch = 0; microBatch < MicroBatchCount; microBatch++)
        {
            using StepScope scope = Memory.Begin();
            _gradient.Add(MeanPart(Record(microBatch, isRepeat, withPenalties: false)));
        }
    }

    /// <summary>The micro-batch's part of the mean loss.</summary>
    private Tensor MeanPart(in MicroBatchObjective microBatch)
    {
        double scale = _options.BatchGradient == BatchGradient.Mean ? 1 : TotalWeight > 0 ? 1 / TotalWeight : 0;
        return scale == 1 ? microBatch.Objective : microBatch.Objective.Multiply(scale);
    }

    private void VisitMicroBatches(Action<MicroBatchObjective> visit, bool withPenalties)
    {
        if (withPenalties && IsCoupled)
        {
            MeasureGradient(isRepeat: true);
        }

        if (_shards is not null)
        {
            VisitShards(visit, isRepeat: true, withPenalties);
            return;
        }

        for (int microBatch = 0; microBatch < MicroBatchCount; microBatch++)
        {
            using StepScope scope = Memory.Begin();
            visit(Record(microBatch, isRepeat: true, withPenalties));
        }
    }

    private void AddPenalties(Tensor vector, Tensor product)
    {
        foreach (Regularizer regularizer in _regularizers)
        {
            regularizer.AddProduct(Parameters, vector, product);
        }
    }
}
