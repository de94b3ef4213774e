using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Thalweg.Kernels;

namespace Thalweg.Data;

/// <summary>Feature rows of one width in memory, from which batches are gathered.</summary>
internal abstract class FeatureStore
{
    protected FeatureStore(int width) => Width = width;

    /// <summary>Numbers per row.</summary>
    public int Width { get; }

    /// <summary>Number of rows.</summary>
    public abstract int Count { get; }

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
        if (typeof(T) != typeof(float) || samples.Length * (long)Width <= Pieces.ShortThreshold)
        {
            base.Gather(rows, samples, features);
            return;
        }

        foreach (int sample in samples)
            _ = values.AsSpan(rows[sample] * Width, Width);
        Span<float> target = MemoryMarshal.Cast<T, float>(features[..(samples.Length * Width)]);
        fixed (float* from = values, to = target)
        fixed (int* row = rows, sample = samples)
        {
            GatherJob job = new() { From = from, To = to, Rows = row, Samples = sample, Count = samples.Length, Width = Width };
            WorkerTeam.Run(ref job, Pieces.Count(samples.Length, job.RowsOfPiece), worthWaking: target.Length > Pieces.Threshold);
        }
    }

    /// <summary>Rows on several threads: they come from memory beyond the caches. The caller has checked that all rows are there.</summary>
    private unsafe struct GatherJob : IParallelJob
    {
        public float* From, To;
        public int* Rows, Samples;
        public int Count, Width;

        public readonly int RowsOfPiece => Math.Max(1, Pieces.ShortLength / Width);

        public readonly void Run(int piece)
        {
            int first = piece * RowsOfPiece, end = Math.Min(first + RowsOfPiece, Count);
            for (int i = first; i < end; i++)
            {
                ReadOnlySpan<float> source = new(From + ((nint)Rows[Samples[i]] * Width), Width);
                source.CopyTo(new Span<float>(To + ((nint)i * Width), Width));
            }
        }
    }
}

/// <summary>Rows kept as bytes, converted as they are gathered: a quarter of the memory traffic of single precision.</summary>
internal sealed class ByteFeatures : FeatureStore
{
    private readonly byte[] _values;
    private readonly double _factor, _offset;

    /// <param name="values">Bytes, row-major.</param>
    /// <param name="width">Bytes per row.</param>
    /// <param name="encoding">What a byte becomes.</param>
    public ByteFeatures(byte[] values, int width, ImageEncoding encoding)
        : base(width)
    {
        _values = values;
        _factor = encoding.Scale / encoding.Deviation;
        _offset = -encoding.Mean / encoding.Deviation;
    }

    public override int Count => _values.Length / Width;

    public override void CopyRow<T>(int row, Span<T> destination)
    {
        ReadOnlySpan<byte> source = _values.AsSpan(row * Width, Width);
        if (typeof(T) == typeof(float))
            Convert(source, MemoryMarshal.Cast<T, float>(destination), (float)_factor, (float)_offset);
        else
            Convert(source, destination, T.CreateTruncating(_factor), T.CreateTruncating(_offset));
    }

    /// <summary>destination[i] = source[i] * factor + offset, `[width]`: rounded after the product and after the sum on every
    /// width of vectors.</summary>
    /// <remarks>A table of 256 entries took 80 microseconds for 64 rows of 784 bytes in random order, this takes 20. Optimized at once
    /// because the first epoch of a small set would otherwise run on unoptimized code.</remarks>
    [MethodImpl(Drive.Loop)]
    private static void Convert(ReadOnlySpan<byte> source, Span<float> destination, float factor, float offset)
    {
        int step = Vector<byte>.Count, quarter = Vector<float>.Count;
        int start = 0;
        if (source.Length >= step)
        {
            Vector<float> factors = new(factor), offsets = new(offset);
            for (; start < source.Length; start += step)
            {
                // The last vector may overlap the one before: it writes the same values again.
                start = Math.Min(start, source.Length - step);
                Vector.Widen(new Vector<byte>(source[start..]), out Vector<ushort> low, out Vector<ushort> high);
                Vector.Widen(low, out Vector<uint> a, out Vector<uint> b);
                Vector.Widen(high, out Vector<uint> c, out Vector<uint> d);
                Span<float> target = destination.Slice(start, step);
                ((ToSingle(a) * factors) + offsets).CopyTo(target);
                ((ToSingle(b) * factors) + offsets).CopyTo(target[quarter..]);
                ((ToSingle(c) * factors) + offsets).CopyTo(target[(2 * quarter)..]);
                ((ToSingle(d) * factors) + offsets).CopyTo(target[(3 * quarter)..]);
            }
        }

        for (; start < source.Length; start++)
            destination[start] = (source[start] * factor) + offset;
    }

    /// <summary>Signed conversion is one instruction everywhere; bytes are never negative.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> ToSingle(Vector<uint> values) => Vector.ConvertToSingle(Vector.AsVectorInt32(values));

    private static void Convert<T>(ReadOnlySpan<byte> source, Span<T> destination, T factor, T offset)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < source.Length; i++)
            destination[i] = (T.CreateTruncating(source[i]) * factor) + offset;
    }
}
