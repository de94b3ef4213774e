using System.Runtime.ExceptionServices;
using Thalweg.Data;

namespace Thalweg.Training;

/// <summary>Memory for one batch, filled again for each step; for data in a file memory for two, of which one is filled in the
/// background.</summary>
/// <remarks>
/// What a batch holds follows from its samples alone, so prefetching changes no bit. Data in memory are gathered by the caller: 64 rows
/// of 784 take 7 to 20
/// microseconds, less than handing them to another thread and back would save on few cores.
/// </remarks>
internal sealed class Batches
{
    private readonly Prefetch? _ahead;
    private Batch _current;
    private readonly Dataset _data;

    public Batches(Dataset data, int batchSize, DType dtype)
    {
        // Outside any step scope: in the background another thread fills this memory.
        using PoolSwitch outside = StepMemory.Leave();
        _data = data;
        _current = new Batch(data, batchSize, dtype);
        _ahead = data.IsMapped ? new Prefetch(data, batchSize, new Batch(data, batchSize, dtype)) : null;
    }

    /// <summary>Whether samples are gathered in the background.</summary>
    public bool FetchesAhead => _ahead is not null;

    /// <summary>Fills the memory with the given samples; the tensors are good until the next call.</summary>
    public GatheredBatch Take(ReadOnlySpan<int> samples)
    {
        if (_ahead is null || !_ahead.TryTake(samples, ref _current))
        {
            _data.Fill(samples, _current);
        }

        return new GatheredBatch(_current, TargetOf(_current));
    }

    /// <summary>The target of a batch as one tensor: the columns of several side by side.</summary>
    public static Tensor TargetOf(Batch batch)
    {
        if (batch.Targets.Count == 1)
        {
            return batch.Targets[0];
        }

        if (batch.Targets.Count == 0)
        {
            return Tensor.Zeros([batch.Count], batch.DType);
        }

        Tensor[] columns = new Tensor[batch.Targets.Count];
        for (int i = 0; i < columns.Length; i++)
        {
            columns[i] = batch.Targets[i].To(batch.DType).Reshape([batch.Count, batch.Specs[batch.Inputs.Count + i].Width]);
        }

        return Tensor.Concatenate(-1, columns);
    }

    /// <summary>Begins to gather samples in the background that <see cref="Take"/> will probably ask for next.</summary>
    /// <param name="samples">The samples; none for nothing.</param>
    public void Announce(ReadOnlySpan<int> samples)
    {
        if (!samples.IsEmpty)
        {
            _ahead?.Begin(samples);
        }
    }

    /// <summary>Gathers one batch on a thread of the pool; allocates nothing.</summary>
    /// <param name="data">Where the samples come from.</param>
    /// <param name="batchSize">Samples of the largest batch.</param>
    /// <param name="memory">Memory for a second batch.</param>
    private sealed class Prefetch(Dataset data, int batchSize, Batch memory) : IThreadPoolWorkItem
    {
        private readonly object _gate = new();
        private readonly int[] _samples = new int[batchSize];
        private Batch _memory = memory;
        private int _count;
        private bool _isBusy;
        private Exception? _failure;

        /// <summary>Begins with these samples, unless others are on their way.</summary>
        public void Begin(ReadOnlySpan<int> samples)
        {
            lock (_gate)
            {
                if (_count > 0)
                {
                    return;
                }

                samples.CopyTo(_samples);
                (_count, _isBusy) = (samples.Length, true);
            }

            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }

        /// <summary>Waits for what is on its way, and exchanges the memory for it where it is these samples; other ones are
        /// dropped.</summary>
        public bool TryTake(ReadOnlySpan<int> samples, ref Batch current)
        {
            lock (_gate)
            {
                while (_isBusy)
                {
                    Monitor.Wait(_gate);
                }

                bool isWanted = _count > 0 && samples.SequenceEqual(_samples.AsSpan(0, _count));
                Exception? failure = _failure;
                (_count, _failure) = (0, null);
                if (isWanted && failure is not null)
                {
                    ExceptionDispatchInfo.Throw(failure);
                }

                if (isWanted)
                {
                    (current, _memory) = (_memory, current);
                }

                return isWanted;
            }
        }

        void IThreadPoolWorkItem.Execute()
        {
            Exception? failure = null;
            try
            {
                data.Fill(_samples.AsSpan(0, _count), _memory);
            }
            catch (Exception error)
            {
                // Thrown where the batch is asked for: an exception here would end the process.
                failure = error;
            }

            lock (_gate)
            {
                (_isBusy, _failure) = (false, failure);
                Monitor.PulseAll(_gate);
            }
        }
    }
}
