using System.Collections.Concurrent;
using Shouldly;
using Thalweg.Data;
using Thalweg.Layers;
using Thalweg.Training;

namespace Thalweg.Tests.Training;

/// <content>Workers, modules and figures of the tests.</content>
public sealed partial class ShardTests
{
    private static Dataset Weighted(Dataset data) =>
        data.WithWeights([.. Enumerable.Range(0, data.Count).Select(i => i % 5 == 0 ? 0f : 1 + (i % 3))]);

    private static Trainer Fit(Module module, Dataset data, TrainerOptions options)
    {
        Trainer trainer = new(module, new TrainingSet(data), options);
        trainer.Fit();
        return trainer;
    }

    private static double[] Train(string name, int shards, ShardExchange? exchange)
    {
        (Func<Module> build, Func<Dataset> data, TrainerOptions options) = s_cases[name];
        return Figures(Fit(build(), data(), options with { Shards = shards, Exchange = exchange }));
    }

    private static double[][] TrainWithWorkers(string name, int[] sizes)
    {
        Workers workers = new(sizes);
        double[][] results = new double[sizes.Length][];
        Exception? failure = null;
        Thread[] threads = [.. sizes.Select((_, worker) => new Thread(() =>
        {
            try
            {
                results[worker] = Train(name, sizes.Sum(), workers.Of(worker));
            }
            catch (Exception error)
            {
                failure = error;
            }
        }))];
        foreach (Thread thread in threads)
            thread.Start();
        foreach (Thread thread in threads)
            thread.Join();
        failure.ShouldBeNull();
        return results;
    }

    /// <summary>Weights, buffers, and the figures of all epochs.</summary>
    private static double[] Figures(Trainer trainer) =>
    [
        .. Samples.Weights(trainer.Module).Select(weight => (double)weight),
        .. trainer.Module.NamedBuffers().SelectMany(buffer => buffer.Value.To(DType.Float64).ToArray<double>()),
        .. trainer.Report!.Epochs.SelectMany(epoch => (double[])[
            epoch.Training.Loss, epoch.Training.Accuracy, .. epoch.Training.Others?.Select(other => other.Value) ?? []]),
    ];

    private static double Differences(double[] a, double[] b) => a.Zip(b, (x, y) => Math.Abs(x - y)).Max();

    /// <summary>Threads of one process that share shards out.</summary>
    private sealed class Workers(int[] sizes)
    {
        private readonly Barrier _barrier = new(sizes.Length);
        private readonly byte[] _rows = new byte[1 << 20];

        public ShardExchange Of(int worker) => new Worker(this, sizes[..worker].Sum(), sizes[worker]);

        private sealed class Worker(Workers workers, int first, int count) : ShardExchange
        {
            public override int First => first;

            public override int Count => count;

            public override void AllGather(Span<byte> rows, int rowLength)
            {
                int start = Math.Min(rows.Length, first * rowLength), length = Math.Min(rows.Length - start, count * rowLength);
                rows.Slice(start, length).CopyTo(workers._rows.AsSpan(start));
                Wait();
                workers._rows.AsSpan(0, rows.Length).CopyTo(rows);
                Wait();
            }

            private void Wait() => workers._barrier.SignalAndWait(TimeSpan.FromSeconds(60)).ShouldBeTrue("another worker does not come");
        }
    }

    /// <summary>The fewest bytes that a thread allocated from one forward pass to the next, of many.</summary>
    private sealed class ThreadMeter : Module
    {
        [ThreadStatic]
        private static long t_before, t_passes;

        public static ConcurrentDictionary<int, long> Fewest { get; } = new();

        protected override Tensor ForwardCore(Tensor x)
        {
            long now = GC.GetAllocatedBytesForCurrentThread();
            if (++t_passes > 60)
            {
                int thread = Environment.CurrentManagedThreadId;
                long bytes = now - t_before;
                Fewest[thread] = Math.Min(bytes, Fewest.TryGetValue(thread, out long before) ? before : long.MaxValue);
            }

            t_before = GC.GetAllocatedBytesForCurrentThread();
            return x;
        }
    }

    private sealed class FailingLayer : Module
    {
        private int _passes;

        public int FailsAt { get; set; } = -1;

        protected override Tensor ForwardCore(Tensor x) =>
            _passes++ == FailsAt ? throw new ThalwegException("no more") : x;
    }

    private sealed class UnevenLayer : Module
    {
        private int _passes;

        protected override Tensor ForwardCore(Tensor x)
        {
            if (ForwardContext.Shards is { } shards && _passes++ == 2)
                shards.Sum(new double[1]);
            return x;
        }
    }
}
