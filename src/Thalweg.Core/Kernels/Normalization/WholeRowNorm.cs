using System.Numerics;
using System.Runtime.CompilerServices;

namespace Thalweg.Kernels;

/// <summary>Layer and root-mean-square normalization of rows of whole vectors, each row by itself; a chunk is a block of rows.</summary>
/// <remarks>
/// The same roundings in the same order as the general way: a row's sums as <see cref="BlockReduction"/> takes them, those of columns as
/// <see cref="ColumnSums"/> does. The way back reads inputs and cotangents once, and writes the derivative on top of what others gave.
/// Measured on Zen 5, 2048 rows of 128, one thread: see docs/performance.md.
/// </remarks>
internal readonly unsafe struct WholeRowNorm<V, T>(RowNormWork<T> work, bool backward) : IParallelJob
    where V : unmanaged, ISimdVector<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Partials = BlockReduction.Partials;

    public void Run(int chunk)
    {
        nint first = (nint)chunk * RowNormalization.RowBlock, last = nint.Min(work.Rows, first + RowNormalization.RowBlock);
        if (!backward)
        {
            Normalize(first, last);
            return;
        }

        T* sums = work.Sums == null ? null : work.Sums + (2 * chunk * work.Columns);
        if (sums != null)
            new Span<T>(sums, (int)(2 * work.Columns)).Clear();
        Differentiate(first, last, sums);
    }

    [MethodImpl(Drive.Loop)]
    [SkipLocalsInit]
    private void Normalize(nint first, nint last)
    {
        T* partials = stackalloc T[Partials];
        nint columns = work.Columns;
        T share = T.One / T.CreateTruncating(columns), epsilon = T.CreateTruncating(work.Epsilon);
        for (nint row = first; row < last; row++)
        {
            T* x = work.X + (row * columns);
            T mean = T.Zero, rest = T.Zero;
            if (work.Centered)
            {
                T sum = BlockReduction.OfWhole<T, SummingDeviations<T>, V>(new(*x), x, x, columns, partials);
                mean = CompensatedSum.Of(*x, sum * share, out rest);
            }

            T squares = BlockReduction.OfWhole<T, SummingSquaredDeviations<T>, V>(new(mean), x, x, columns, partials) * share;
            T variance = T.Max(squares - (rest * rest), T.Zero) + epsilon, inverse = T.One / T.Sqrt(variance);
            (work.Mean[row], work.Rest[row], work.Inverse[row]) = (mean, rest, inverse);
            Write(row, mean, inverse, -(rest * inverse));
            if (!WideRange<T>.Holds(variance))
                new WideRowNorm<T>(work).Normalize(row);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Write(nint row, T mean, T inverse, T shift)
    {
        T* x = work.X + (row * work.Columns), y = work.Y + (row * work.Columns), gamma = work.Gamma, beta = work.Beta;
        V means = V.Splat(mean), scales = V.Splat(inverse), shifts = V.Splat(shift);
        for (nint i = 0; i < work.Columns; i += V.Count)
        {
            V value = V.Fma(V.Load(x + i) - means, scales, shifts);
            if (gamma != null)
                value *= V.Load(gamma + i);
            if (beta != null)
                value += V.Load(beta + i);
            V.Store(value, y + i);
        }
    }

    [MethodImpl(Drive.Loop)]
    [SkipLocalsInit]
    private void Differentiate(nint first, nint last, T* sums)
    {
        T* partials = stackalloc T[2 * Partials];
        for (nint row = first; row < last; row++)
        {
            T inverse = work.Inverse[row];
            if (!WideRange<T>.HoldsInverse(inverse) && new WideRowNorm<T>(work).TryDifferentiate(row, sums))
                continue;
            T share = T.One / T.CreateTruncating(work.Columns), rest = work.Rest[row];
            for (int at = 0; at < Partials; at += 2 * V.Count)
                AddRow(row, at, sums, partials + at);
            if (work.Y == null)
                continue;
            T products = BlockReduction.Fold<T, Summing<T>, V>(default, partials);
            T sum = work.Centered ? BlockReduction.Fold<T, Summing<T>, V>(default, partials + Partials) : T.Zero;
            T slope = (products - (rest * sum)) * inverse * inverse * share;
            WriteDerivative(row, inverse, (sum * share) - (rest * slope), slope);
        }
    }

    /// <summary>Adds the elements of a row that go to two vectors of partial totals.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void AddRow(nint row, int at, T* sums, T* partials)
    {
        nint start = row * work.Columns;
        T* x = work.X + start, g = work.G + start;
        Deviation<V> deviation = new(
            V.Splat(work.Mean[row]), V.Splat(work.Inverse[row]), V.Splat(-(work.Rest[row] * work.Inverse[row])));
        V p0 = V.Splat(T.Zero), p1 = p0, s0 = p0, s1 = p0;
        for (nint i = at; i < work.Columns; i += Partials)
        {
            AddVector(deviation, x + i, g + i, i, sums, ref p0, ref s0);
            AddVector(deviation, x + i + V.Count, g + i + V.Count, i + V.Count, sums, ref p1, ref s1);
        }

        V.Store(p0, partials);
        V.Store(p1, partials + V.Count);
        V.Store(s0, partials + Partials);
        V.Store(s1, partials + Partials + V.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void AddVector(in Deviation<V> row, T* x, T* g, nint column, T* sums, ref V products, ref V sum)
    {
        V deviation = V.Load(x) - row.Mean, cotangent = V.Load(g);
        if (sums != null)
        {
            T* target = sums + column;
            V.Store(V.Load(target) + (cotangent * V.Fma(deviation, row.Scale, row.Shift)), target);
            target += work.Columns;
            V.Store(V.Load(target) + cotangent, target);
        }

        if (work.Gamma != null)
            cotangent *= V.Load(work.Gamma + column);
        products = V.Fma(cotangent, deviation, products);
        sum += cotangent;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void WriteDerivative(nint row, T inverse, T shift, T slope)
    {
        nint start = row * work.Columns;
        T* x = work.X + start, g = work.G + start, y = work.Y + start, gamma = work.Gamma;
        T* before = work.Before == null ? null : work.Before + start;
        V mean = V.Splat(work.Mean[row]), scale = V.Splat(inverse), shifts = V.Splat(shift), slopes = V.Splat(slope);
        for (nint i = 0; i < work.Columns; i += V.Count)
        {
            V cotangent = V.Load(g + i);
            if (gamma != null)
                cotangent *= V.Load(gamma + i);
            V value = scale * (cotangent - shifts - ((V.Load(x + i) - mean) * slopes));
            V.Store(before == null ? value : V.Load(before + i) + value, y + i);
        }
    }

    /// <summary>What a row's numbers are normalized by: scale (x - mean) + shift.</summary>
    private readonly struct Deviation<TVector>(TVector mean, TVector scale, TVector shift)
        where TVector : unmanaged
    {
        public readonly TVector Mean = mean, Scale = scale, Shift = shift;
    }
}
