using Thalweg.Data;
using Thalweg.Losses;

namespace Thalweg.Training;

/// <summary>The samples of a step, cut into micro-batches of <see cref="TrainerOptions.MicroBatchSize"/> and those into shards, as the
/// regularizers leave them; each shard is a micro-batch of its own.</summary>
internal sealed class StepSamples
{
    private readonly TrainerOptions _options;
    private readonly Loss _loss;
    private readonly OutputForm _form;
    private readonly Batches?[] _batches;
    private readonly Dataset _data;
    private readonly DType _dtype;
    private readonly Batch? _targets;
    private readonly Dataset _targetData;
    private readonly int[] _samples;
    private readonly int _size, _shards, _maxMicroBatches;
    private MicroBatches _microBatches;
    private ReadOnlyMemory<int> _next;
    private double _totalWeight;

    /// <param name="data">The training data.</param>
    /// <param name="dtype">Type of the features.</param>
    /// <param name="aim">The loss, which knows what samples weigh, and how it takes the targets.</param>
    /// <param name="options">Sizes of batches and micro-batches, regularizers, seed.</param>
    public StepSamples(Dataset data, DType dtype, (Loss Loss, OutputForm Form) aim, TrainerOptions options)
    {
        ((_loss, _form), _options, _targetData, _data, _dtype) = (aim, options, data.TargetsAlone, data, dtype);
        int largest = BatchPlan.Of(data, options).LargestSize;
        _samples = new int[largest];
        _size = Math.Min(options.MicroBatchSize ?? largest, largest);
        _shards = options.Shards;
        _maxMicroBatches = (largest + _size - 1) / _size * _shards;
        _batches = new Batches?[_shards];
        _batches[0] = NewBatches();
        _targets = _maxMicroBatches > 1 ? new Batch(_targetData, largest, dtype) : null;
    }

    /// <summary>Samples of the step.</summary>
    public int Count => _microBatches.Samples;

    /// <summary>Micro-batches of the step: one for each shard in each accumulation step.</summary>
    public int MicroBatchCount => _microBatches.Count * _shards;

    /// <summary>Samples of all shards together in an accumulation step.</summary>
    /// <param name="accumulationStep">Number of the accumulation step, from 0.</param>
    public int CountOf(int accumulationStep) => _microBatches[accumulationStep].Count;

    /// <summary>Accumulation steps, in each of which the shards are computed side by side.</summary>
    public int AccumulationSteps => _microBatches.Count;

    /// <summary>Completed steps of the run.</summary>
    public long Step { get; private set; }

    /// <summary>Outputs as the loss takes them.</summary>
    public Tensor Adapt(Tensor outputs) => _form.Adapt(outputs);

    /// <summary>Turns to the samples of a step.</summary>
    /// <param name="samples">Training samples, at most the largest batch.</param>
    /// <param name="step">Completed steps.</param>
    public void Begin(ReadOnlySpan<int> samples, long step)
    {
        samples.CopyTo(_samples);
        (_microBatches, Step) = (new MicroBatches(samples.Length, _size), step);
        _totalWeight = double.NaN;
        if (MicroBatchCount > 1)
        {
            // The weight of a micro-batch in the step is known before the first micro-batch is computed.
            _targetData.Fill(samples, _targets!);
            _totalWeight = _loss.TotalWeight(Batches.TargetOf(_targets!), _targets!.Weights);
        }
    }

    /// <summary>Tells which samples the next step will take, so that they can be fetched meanwhile.</summary>
    /// <param name="samples">The samples; none where that is not known.</param>
    public void Announce(ReadOnlyMemory<int> samples) => _next = samples;

    /// <summary>Number of a micro-batch in the run: names its random numbers.</summary>
    public long PositionOf(int microBatch) => (Step * _maxMicroBatches) + microBatch;

    /// <summary>What the mean loss of the step divides by; see <see cref="Loss.TotalWeight"/>.</summary>
    /// <param name="batch">A micro-batch of the step.</param>
    public double TotalWeight(in SampleBatch batch) => MicroBatchCount > 1 ? _totalWeight : batch.TotalWeight;

    /// <summary>The samples of a micro-batch after the regularizers that change them.</summary>
    public SampleBatch Take(int microBatch)
    {
        (int step, int shard) = (microBatch / _shards, microBatch % _shards);
        Batches batches = _batches[shard] ??= NewBatches();
        GatheredBatch gathered = batches.Take(ShardOf(_microBatches.Of(_samples, step), shard));
        if (batches.FetchesAhead)
        {
            batches.Announce(ShardOf(
                step + 1 < _microBatches.Count
                    ? _microBatches.Of(_samples, step + 1)
                    : new MicroBatches(_next.Length, _size).Of(_next.Span, 0),
                shard));
        }

        return Prepare(gathered, microBatch);
    }

    /// <summary>The samples of all shards in the accumulation step of a micro-batch, as one micro-batch.</summary>
    public SampleBatch TakeAllShards(int microBatch)
    {
        int step = microBatch / _shards;
        return _shards == 1
            ? Take(microBatch)
            : Prepare(new Batches(_data, CountOf(step), _dtype).Take(_microBatches.Of(_samples, step)), step * _shards);
    }

    private ReadOnlySpan<int> ShardOf(ReadOnlySpan<int> samples, int shard)
    {
        (int start, int count) = new ShardPlan(samples.Length, _shards)[shard];
        return samples.Slice(start, count);
    }

    private Batches NewBatches() =>
        new(_data, new ShardPlan(new MicroBatches(_samples.Length, _size).Largest, _shards).Largest, _dtype);

    private SampleBatch Prepare(in GatheredBatch gathered, int microBatch)
    {
        (Tensor features, Tensor labels, Tensor? weights) = gathered;
        SampleBatch batch = new(features, labels)
        {
            Batch = gathered.Batch,
            Outputs = _form.Width,
            Targets = _form.Encode(labels, features.DType),
            Loss = _loss,
            Form = _form,
            Weights = weights,
            TotalWeight = _loss.TotalWeight(labels, weights),
        };
        for (int i = 0; i < _options.Regularizers.Count; i++)
        {
            RandomStream stream = new(_options.Seed, RandomPurpose.Regularization, ((ulong)i << 48) | (ulong)PositionOf(microBatch));
            _options.Regularizers[i].Prepare(ref batch, ref stream);
        }

        return batch;
    }
}
