using System.Runtime.InteropServices;

namespace Thalweg.Training;

/// <summary>What the shards of a step computed: a gradient sum and a row of numbers for each, and how they are combined.</summary>
internal sealed class ShardWork
{
    private readonly ParameterVector _parameters;
    private readonly ShardTeam _team;
    private readonly StepMemory?[] _memories;
    private readonly Tensor?[] _sums;
    private readonly Tensor[]?[] _parts;
    private readonly LeafGradients?[] _targets;
    private readonly bool[] _hasSum;
    private readonly int _width;
    private readonly double[] _rows;
    private byte[] _staged = [];

    /// <param name="options">Number of shards, and who computes them.</param>
    /// <param name="parameters">The network's parameters.</param>
    /// <param name="width">Numbers that each shard notes.</param>
    public ShardWork(TrainerOptions options, ParameterVector parameters, int width)
    {
        (_parameters, Count, _width) = (parameters, options.Shards, width);
        _team = new ShardTeam(Count, options.Exchange);
        HasWorkers = options.Exchange is not null;
        (_memories, _sums, _parts) = (new StepMemory[Count], new Tensor[Count], new Tensor[Count][]);
        (_targets, _hasSum, _rows) = (new LeafGradients[Count], new bool[Count], new double[Count * width]);
    }

    /// <summary>Number of shards.</summary>
    public int Count { get; }

    /// <summary>Whether other workers compute some of the shards.</summary>
    public bool HasWorkers { get; }

    /// <summary>Bytes of intermediates.</summary>
    public long MemoryBytes => _memories.Sum(memory => memory?.Bytes ?? 0);

    /// <summary>See <see cref="StepMemory.RecycleHandles"/>.</summary>
    public bool RecycleHandles { get; set; }

    /// <summary>Computes this worker's shards that have samples.</summary>
    /// <param name="samples">Samples of all shards together.</param>
    /// <param name="body">Computes a shard; called with its number.</param>
    public void Run(int samples, Action<int> body) => _team.Run(new ShardPlan(samples, Count).Occupied, body);

    /// <summary>What a shard sees of the others while it is computed.</summary>
    public ShardGroup GroupOf(int shard) => _team.GroupOf(shard);

    /// <summary>Whether a shard is the first that this worker computes, which moves the buffers of layers.</summary>
    public bool IsFirst(int shard) => shard == _team.First;

    /// <summary>Memory of a shard's intermediates.</summary>
    public StepScope Begin(int shard)
    {
        StepMemory memory = _memories[shard] ??= new StepMemory();
        memory.RecycleHandles = RecycleHandles;
        return memory.Begin();
    }

    /// <summary>Starts the sums and the rows of all shards.</summary>
    public void Clear()
    {
        Array.Clear(_hasSum);
        Array.Clear(_rows);
    }

    /// <summary>The numbers that a shard notes.</summary>
    public Span<double> RowOf(int shard) => _rows.AsSpan(shard * _width, _width);

    /// <summary>Adds the derivatives of a shard's part of the objective to its sum.</summary>
    public void AddGradient(int shard, Tensor objective)
    {
        _ = SumOf(shard);
        objective.BackwardInto(_hasSum[shard], _targets[shard]);
        _hasSum[shard] = true;
    }

    /// <summary>Adds one tensor for each parameter to a shard's sum.</summary>
    public void Add(int shard, Tensor[] values)
    {
        _ = SumOf(shard);
        Tensor[] sums = _parts[shard]!;
        for (int i = 0; i < sums.Length; i++)
        {
            sums[i].Assign(_hasSum[shard] ? sums[i].Add(values[i]) : values[i]);
        }

        _hasSum[shard] = true;
    }

    /// <summary>Writes the sum over all shards, and starts the sums again.</summary>
    /// <param name="samples">Samples of the largest accumulation step: decides which shards have a sum.</param>
    /// <param name="sum">Takes it, laid out like the parameters.</param>
    public void CombineSums(int samples, Tensor sum)
    {
        int occupied = new ShardPlan(samples, Count).Occupied;
        for (int shard = 0; HasWorkers && shard < occupied; shard++)
        {
            _ = SumOf(shard);
        }

        Exchange(occupied);
        using StepScope scope = Begin(0);
        foreach ((int into, int from) in new ShardTree(occupied))
        {
            Tensor target = SumOf(into);
            target.Assign(target.Add(SumOf(from)));
        }

        sum.Assign(SumOf(0));
        Array.Clear(_hasSum);
    }

    /// <summary>The numbers of all shards, combined.</summary>
    /// <param name="samples">Samples of the largest accumulation step: decides which shards have numbers.</param>
    /// <param name="merge">Merges a row into that of the shards before it.</param>
    public ReadOnlySpan<double> CombineRows(int samples, RowMerge merge)
    {
        int occupied = new ShardPlan(samples, Count).Occupied;
        _team.AllGather(MemoryMarshal.AsBytes(_rows.AsSpan(0, occupied * _width)), _width * sizeof(double));
        foreach ((int into, int from) in new ShardTree(occupied))
        {
            merge(RowOf(from), RowOf(into));
        }

        return RowOf(0);
    }

    /// <summary>Merges a row into that of the shards before it.</summary>
    public delegate void RowMerge(ReadOnlySpan<double> part, Span<double> row);

    private static Span<byte> Bytes(Tensor vector) => vector.DType == DType.Float32
        ? MemoryMarshal.AsBytes(vector.AsSpan<float>())
        : MemoryMarshal.AsBytes(vector.AsSpan<double>());

    /// <summary>Fills in the sums of other workers' shards, some parameters at a time.</summary>
    private void Exchange(int occupied)
    {
        const int Most = 1 << 18;
        int length = HasWorkers ? Bytes(_parameters.Values).Length : 0;
        for (int start = 0, count; start < length; start += count)
        {
            count = Math.Min(Most, length - start);
            _staged = _staged.Length < occupied * count ? new byte[Count * count] : _staged;
            for (int shard = 0; shard < occupied; shard++)
            {
                Bytes(SumOf(shard)).Slice(start, count).CopyTo(_staged.AsSpan(shard * count));
            }

            _team.AllGather(_staged.AsSpan(0, occupied * count), count);
            for (int shard = 0; shard < occupied; shard++)
            {
                _staged.AsSpan(shard * count, count).CopyTo(Bytes(SumOf(shard))[start..]);
            }
        }
    }

    private Tensor SumOf(int shard)
    {
        if (_sums[shard] is { } sum)
        {
            return sum;
        }

        using PoolSwitch outside = StepMemory.Leave();
        sum = _sums[shard] = Tensor.Zeros(_parameters.Values.Shape, _parameters.Values.DType);
        _parts[shard] = _parameters.Windows(sum);
        _targets[shard] = new LeafGradients(_parameters.Leaves, _parts[shard]!);
        return sum;
    }
}
