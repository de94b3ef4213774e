using System.Numerics;
using System.Runtime.CompilerServices;

namespace Thalweg.Kernels;

/// <summary>y = f(a, b) over <c>[rows, columns]</c> where one operand is a row, a column or a single element.</summary>
/// <remarks>An element that a whole row shares is bound into the function, so that the row is a <see cref="Map"/>.</remarks>
internal static unsafe class ZipRows
{
    /// <summary>The operation at a given vector width; the result does not depend on it.</summary>
    internal static void Run<T, TFunction>(VectorWidth width, TFunction f, T* a, T* b, T* y, nint rows, nint columns, Broadcast kind)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TFunction : unmanaged, IBinaryFunction<T>
    {
        if (rows == 0 || columns == 0)
            return;

        switch (Simplify(kind, rows, columns))
        {
            case null:
                Zip.Run(width, f, a, b, y, rows * columns);
                break;
            case Broadcast.Scalar:
                Map.Run(width, new BindRight<T, TFunction>(f, *b), a, y, rows * columns);
                break;
            case Broadcast.LeftScalar:
                Map.Run(width, new BindLeft<T, TFunction>(f, *a), b, y, rows * columns);
                break;
            case Broadcast simple:
                Job<T, TFunction> job = new() { Width = width, F = f, A = a, B = b, Y = y, Rows = rows, Columns = columns, Kind = simple };
                bool small = rows * columns <= Chunks.Threshold;
                job.RowsPerChunk = small ? rows : nint.Max(1, Chunks.Length / columns);
                WorkerTeam.Run(ref job, Chunks.Count(rows, job.RowsPerChunk));
                break;
        }
    }

    /// <summary>The cheapest equal case: null where both operands have the size of the result.</summary>
    private static Broadcast? Simplify(Broadcast kind, nint rows, nint columns) => kind switch
    {
        Broadcast.RowVector or Broadcast.LeftRowVector when rows == 1 => null,
        Broadcast.ColumnVector or Broadcast.LeftColumnVector when columns == 1 => null,
        Broadcast.RowVector when columns == 1 => Broadcast.Scalar,
        Broadcast.ColumnVector when rows == 1 => Broadcast.Scalar,
        Broadcast.LeftRowVector when columns == 1 => Broadcast.LeftScalar,
        Broadcast.LeftColumnVector when rows == 1 => Broadcast.LeftScalar,
        _ => kind,
    };

    private struct Job<T, TFunction> : IParallelJob
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TFunction : unmanaged, IBinaryFunction<T>
    {
        public VectorWidth Width;
        public TFunction F;
        public T* A, B, Y;
        public nint Rows, Columns, RowsPerChunk;
        public Broadcast Kind;

        public readonly void Run(int chunk)
        {
            nint first = chunk * RowsPerChunk, last = nint.Min(Rows, first + RowsPerChunk);
            for (nint row = first; row < last; row++)
                RunRow(row);
        }

        private readonly void RunRow(nint row)
        {
            nint offset = row * Columns;
            T* y = Y + offset;
            switch (Kind)
            {
                case Broadcast.RowVector:
                    Zip.RunChunk(Width, F, A + offset, B, y, Columns);
                    break;
                case Broadcast.LeftRowVector:
                    Zip.RunChunk(Width, F, A, B + offset, y, Columns);
                    break;
                case Broadcast.ColumnVector:
                    Map.RunChunk(Width, new BindRight<T, TFunction>(F, B[row]), A + offset, y, Columns);
                    break;
                default:
                    Map.RunChunk(Width, new BindLeft<T, TFunction>(F, A[row]), B + offset, y, Columns);
                    break;
            }
        }
    }

    private readonly struct BindRight<T, TFunction>(TFunction f, T value) : IUnaryFunction<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TFunction : unmanaged, IBinaryFunction<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Apply<V>(V x)
            where V : unmanaged, ISimdVector<V, T> => f.Apply(x, V.Splat(value));
    }

    private readonly struct BindLeft<T, TFunction>(TFunction f, T value) : IUnaryFunction<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TFunction : unmanaged, IBinaryFunction<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Apply<V>(V x)
            where V : unmanaged, ISimdVector<V, T> => f.Apply(V.Splat(value), x);
    }
}
