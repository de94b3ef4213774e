using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Thalweg.Kernels;

namespace Thalweg.Data;

/// <summary>Feature rows of one width, from which batches are gathered.</summary>
internal abstract class FeatureStore
{
    protected FeatureStore(int width) => Width = width;

    /// <summary>Numbers per row.</summary>
    public int Width { get; }

    /// <summary>Number of rows.</summary>
    public abstract int Count { get; }

    /// <summary>Whether the rows lie in a file, so that gathering them may wait for the disk.</summary>
    public virtual bool IsMapped => false;

    /// <summary>Refuses a store whose file was changed since it was opened.</summary>
    /// <exception cref="ThalwegException">It was.</exception>
    public virtual void CheckUnchanged()
    {
    }

    /// <summary>Writes one row, ready for the network.</summary>
    public abstract void CopyRow<T>(int row, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>Writes the rows of some samples, one after the other.</summary>
    /// <param name="rows">Row of each sample.</param>
    /// <param name="samples">Samples to take: `[batch]`.</param>
    /// <param name="features">Where they go: `[batch, width]`, at least as long.</param>
    public virtual void Gather<T>(ReadOnlySpan<int> rows, ReadOnlySpan<int> samples, Span<T> features)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < samples.Length; i++)
            CopyRow(rows[samples[i]], features.Slice(i * Width, Width));
    }
}

/// <summary>Rows kept as single-precision numbers, row-major.</summary>
internal sealed class FloatFeatures(float[] values, int width) : FeatureStore(width)
{
    public override int Count { get; } = width == 0 ? 0 : values.Length / width;

    public override void CopyRow<T>(int row, Span<T> destination)
    {
        ReadOnlySpan<float> source = values.AsSpan(row * Width, Width);
        if (typeof(T) == typeof(float))
            source.CopyTo(MemoryMarshal.Cast<T, float>(destination));
        else
            TensorPrimitives.ConvertTruncating(source, destination);
    }

    public override unsafe void Gather<T>(ReadOnlySpan<int> rows, ReadOnlySpan<int> samples, Span<T> features)
    {
        if (typeof(T) != typeof(float))
        {
            base.Gather(rows, samples, features);
            return;
        }

        Span<float> target = MemoryMarshal.Cast<T, float>(features[..(samples.Length * Width)]);
        if (target.Length <= Chunks.ShortThreshold)
        {
            for (int i = 0; i < samples.Length; i++)
                values.AsSpan(rows[samples[i]] * Width, Width).CopyTo(target[(i * Width)..]);
            return;
        }

        foreach (int sample in samples)
            _ = values.AsSpan(rows[sample] * Width, Width);
        fixed (float* from = values, to = target)
        fixed (int* row = rows, sample = samples)
        {
            GatherJob job = new() { From = from, To = to, Rows = row, Samples = sample, Count = samples.Length, Width = Width };
            WorkerTeam.Run(ref job, Chunks.Count(samples.Length, job.RowsOfChunk), worthWaking: target.Length > Chunks.Threshold);
        }
    }

    /// <summary>Rows on several threads: they come from memory beyond the caches. The caller has checked that all rows are there.</summary>
    private unsafe struct GatherJob : IParallelJob
    {
        public float* From, To;
        public int* Rows, Samples;
        public int Count, Width;

        public readonly int RowsOfChunk => Math.Max(1, Chunks.ShortLength / Width);

        public readonly void Run(int chunk)
        {
            int first = chunk * RowsOfChunk, end = Math.Min(first + RowsOfChunk, Count);
            for (int i = first; i < end; i++)
            {
                ReadOnlySpan<float> source = new(From + ((nint)Rows[Samples[i]] * Width), Width);
                source.CopyTo(new Span<float>(To + ((nint)i * Width), Width));
            }
        }
    }
}

/// <summary>Rows kept as bytes, converted as they are gathered: a quarter of the memory traffic of single precision.</summary>
/// <param name="values">Bytes, row-major.</param>
/// <param name="width">Bytes per row.</param>
/// <param name="encoding">What a byte becomes.</param>
internal sealed class ByteFeatures(byte[] values, int width, ImageEncoding encoding) : FeatureStore(width)
{
    private readonly ByteScale _scale = new(encoding);

    public override int Count => values.Length / Width;

    public override void CopyRow<T>(int row, Span<T> destination) => _scale.Convert<T>(values.AsSpan(row * Width, Width), destination);
}
