using Thalweg.Metrics;
using Thalweg.Rules;

namespace Thalweg.Training;

/// <content>Evaluation of steps whose samples lie in several shards.</content>
public sealed partial class TrainingObjective
{
    /// <summary>Numbers that a shard notes before its scores: value of the objective and of the loss.</summary>
    private const int Sums = 2;

    /// <summary>The shards of a step; null where there is one.</summary>
    private ShardWork? _shards;
    private MetricAccumulator[] _shardScores = [];
    private Action<int>? _evaluateShard, _visitShard;
    private Action<MicroBatchObjective>? _visit;
    private ShardWork.RowMerge? _mergeRows;
    private int _accumulationStep;
    private bool _isRepeat, _differentiate, _isFinite, _withPenalties;

    /// <summary>The factors of layers; see <see cref="Optimizers.IGradientSource"/>.</summary>
    /// <exception cref="ThalwegException">Several workers share the shards out, each of which sees a part of the samples.</exception>
    public override LayerFactorsSignal FindLayerFactors() => _shards is not { HasWorkers: true }
        ? base.FindLayerFactors()
        : throw new ThalwegException(
            "[train] expected rules that need gradients and curvature alone from workers that share out shards, got one that needs " +
            "the factors of layers, such as scale_by_kfac; train in one process, or choose another optimizer");

    internal override void SumMicroBatches(
        Tensor sum, Func<MicroBatchObjective, Tensor[]> part, Action<Action<MicroBatchObjective>>? visit = null)
    {
        if (_shards is not { } shards)
        {
            base.SumMicroBatches(sum, part, visit);
            return;
        }

        shards.Clear();
        (visit ?? Visit)(microBatch => shards.Add(microBatch.Index % shards.Count, part(microBatch)));
        shards.CombineSums(LargestStep, sum);
    }

    private protected override double Evaluate(bool differentiate)
    {
        if (_shards is not { } shards)
        {
            return base.Evaluate(differentiate);
        }

        bool isRepeat = BeginEvaluation();
        (_isRepeat, _differentiate, _isFinite) = (isRepeat, differentiate, true);
        shards.Clear();
        for (_accumulationStep = 0; _accumulationStep < _samples.AccumulationSteps && _isFinite; _accumulationStep++)
        {
            shards.Run(_samples.CountOf(_accumulationStep), _evaluateShard!);
        }

        for (int shard = 0; Evaluations == 0 && shard < shards.Count; shard++)
        {
            _shardScores[shard].WritePart(shards.RowOf(shard)[Sums..]);
        }

        ReadOnlySpan<double> row = shards.CombineRows(LargestStep, _mergeRows!);
        if (Evaluations == 0)
        {
            _score.Add(row[Sums..]);
        }

        if (_isFinite && differentiate)
        {
            shards.CombineSums(LargestStep, Parameters.Gradients);
        }

        return EndMicroBatches(_isFinite, row[0], row[1], differentiate);
    }

    /// <summary>Samples of the largest accumulation step: decides which shards have something to combine.</summary>
    private int LargestStep => Math.Max(_samples.CountOf(0), _samples.CountOf(_samples.AccumulationSteps - 1));

    private void BeginShards()
    {
        if (_options.Shards == 1)
        {
            return;
        }

        _shardScores = new MetricAccumulator[_options.Shards];
        for (int i = 0; i < _shardScores.Length; i++)
        {
            _shardScores[i] = _score.NewPart();
        }

        _shards = new ShardWork(_options, Parameters, Sums + _score.PartLength);
        (_evaluateShard, _visitShard, _mergeRows) = (EvaluateShard, VisitShard, MergeRows);
    }

    /// <summary>Turns to the samples of another step.</summary>
    private void BeginStepOfShards()
    {
        _shards?.RecycleHandles = Memory.RecycleHandles;
        for (int i = 0; i < _shardScores.Length; i++)
        {
            _shardScores[i].Reset();
        }
    }

    /// <summary>Where the scores of a micro-batch go.</summary>
    private ref MetricAccumulator ScoreOf(int shard) => ref _shards is null ? ref _score : ref _shardScores[shard];

    private void EvaluateShard(int shard)
    {
        int microBatch = (_accumulationStep * _shards!.Count) + shard;
        using StepScope scope = _shards.Begin(shard);
        MicroBatchObjective part = Record(microBatch, _isRepeat, withPenalties: true);
        double total = part.Objective.Item();
        Span<double> row = _shards.RowOf(shard);
        (row[0], row[1]) = (row[0] + total, row[1] + (part.Loss * part.Share));

        // No shard may begin its backward pass where another one has none.
        double failures = double.IsFinite(total) ? 0 : 1;
        _shards.GroupOf(shard).Sum(new Span<double>(ref failures));
        if (failures > 0)
        {
            _isFinite = false;
            Fail(microBatch);
        }
        else if (_differentiate)
        {
            _shards.AddGradient(shard, part.Objective);
        }
    }

    private void MergeRows(ReadOnlySpan<double> part, Span<double> row)
    {
        for (int i = 0; i < Sums; i++)
        {
            row[i] += part[i];
        }

        _score.MergeParts(part[Sums..], row[Sums..]);
    }

    private void VisitShards(Action<MicroBatchObjective> visit, bool isRepeat, bool withPenalties)
    {
        (_visit, _isRepeat, _withPenalties) = (visit, isRepeat, withPenalties);
        for (_accumulationStep = 0; _accumulationStep < _samples.AccumulationSteps; _accumulationStep++)
        {
            _shards!.Run(_samples.CountOf(_accumulationStep), _visitShard!);
        }

        _visit = null;
    }

    private void VisitShard(int shard)
    {
        using StepScope scope = _shards!.Begin(shard);
        _visit!(Record((_accumulationStep * _shards.Count) + shard, _isRepeat, _withPenalties));
    }

    private void MeasureGradientOfShards(bool isRepeat) => SumMicroBatches(
        _gradient!.Sum,
        microBatch => Gradients.Of(MeanPart(microBatch), Parameters.Leaves),
        visit => VisitShards(visit, isRepeat, withPenalties: false));
}
