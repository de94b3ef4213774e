using System.Numerics;
using System.Runtime.CompilerServices;

// The fields of a nest change through the methods of their generic type alone, which the compiler does not see.
#pragma warning disable CS0649, IDE0044

namespace Thalweg.Kernels;

/// <summary>The part of C that a micro-kernel keeps in registers: some rows of one or two vectors.</summary>
/// <remarks>
/// Tiles of any height are built from one row by nesting (<see cref="TwoTiles{TTile,TVector,T}"/>,
/// <see cref="ThreeTiles{TTile,TVector,T}"/>, <see cref="FiveTiles{TTile,TVector,T}"/>); the compiler takes the nest apart and keeps each
/// vector in a register of its own. Measured on Zen 5: 12 rows of two vectors run at the speed of the same kernel written out by hand.
/// </remarks>
internal unsafe interface ITile<TVector, T>
    where TVector : unmanaged, ISimdVector<TVector, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Number of rows.</summary>
    static abstract int Rows { get; }

    /// <summary>Vectors in a row: 1 or 2.</summary>
    static abstract int Vectors { get; }

    /// <summary>Adds the outer product of one column of A, whose rows are <paramref name="stride"/> apart, and one row of B.</summary>
    void Step(T* a, nint stride, TVector left, TVector right);

    /// <summary>C = tile.</summary>
    void Store(T* c, nint stride);

    /// <summary>C = C + tile.</summary>
    void Add(T* c, nint stride);
}

/// <summary>One row of one vector.</summary>
internal unsafe struct OneVectorRow<TVector, T> : ITile<TVector, T>
    where TVector : unmanaged, ISimdVector<TVector, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private TVector _sum;

    public static int Rows => 1;

    public static int Vectors => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Step(T* a, nint stride, TVector left, TVector right) => _sum = TVector.Fma(TVector.Splat(*a), left, _sum);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Store(T* c, nint stride) => TVector.Store(_sum, c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Add(T* c, nint stride) => TVector.Store(TVector.Load(c) + _sum, c);
}

/// <summary>One row of two vectors.</summary>
internal unsafe struct TwoVectorRow<TVector, T> : ITile<TVector, T>
    where TVector : unmanaged, ISimdVector<TVector, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private TVector _left, _right;

    public static int Rows => 1;

    public static int Vectors => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Step(T* a, nint stride, TVector left, TVector right)
    {
        TVector factor = TVector.Splat(*a);
        _left = TVector.Fma(factor, left, _left);
        _right = TVector.Fma(factor, right, _right);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Store(T* c, nint stride)
    {
        TVector.Store(_left, c);
        TVector.Store(_right, c + TVector.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Add(T* c, nint stride)
    {
        TVector.Store(TVector.Load(c) + _left, c);
        TVector.Store(TVector.Load(c + TVector.Count) + _right, c + TVector.Count);
    }
}

/// <summary>Two tiles, one below the other.</summary>
internal unsafe struct TwoTiles<TTile, TVector, T> : ITile<TVector, T>
    where TTile : unmanaged, ITile<TVector, T>
    where TVector : unmanaged, ISimdVector<TVector, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private TTile _top, _bottom;

    public static int Rows => 2 * TTile.Rows;

    public static int Vectors => TTile.Vectors;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Step(T* a, nint stride, TVector left, TVector right)
    {
        _top.Step(a, stride, left, right);
        _bottom.Step(a + TTile.Rows * stride, stride, left, right);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Store(T* c, nint stride)
    {
        _top.Store(c, stride);
        _bottom.Store(c + TTile.Rows * stride, stride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Add(T* c, nint stride)
    {
        _top.Add(c, stride);
        _bottom.Add(c + TTile.Rows * stride, stride);
    }
}

/// <summary>Three tiles, one below the other.</summary>
internal unsafe struct ThreeTiles<TTile, TVector, T> : ITile<TVector, T>
    where TTile : unmanaged, ITile<TVector, T>
    where TVector : unmanaged, ISimdVector<TVector, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private TTile _top, _middle, _bottom;

    public static int Rows => 3 * TTile.Rows;

    public static int Vectors => TTile.Vectors;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Step(T* a, nint stride, TVector left, TVector right)
    {
        _top.Step(a, stride, left, right);
        _middle.Step(a + TTile.Rows * stride, stride, left, right);
        _bottom.Step(a + 2 * TTile.Rows * stride, stride, left, right);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Store(T* c, nint stride)
    {
        _top.Store(c, stride);
        _middle.Store(c + TTile.Rows * stride, stride);
        _bottom.Store(c + 2 * TTile.Rows * stride, stride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Add(T* c, nint stride)
    {
        _top.Add(c, stride);
        _middle.Add(c + TTile.Rows * stride, stride);
        _bottom.Add(c + 2 * TTile.Rows * stride, stride);
    }
}

/// <summary>Five tiles, one below the other.</summary>
internal unsafe struct FiveTiles<TTile, TVector, T> : ITile<TVector, T>
    where TTile : unmanaged, ITile<TVector, T>
    where TVector : unmanaged, ISimdVector<TVector, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private ThreeTiles<TTile, TVector, T> _top;
    private TwoTiles<TTile, TVector, T> _bottom;

    public static int Rows => 5 * TTile.Rows;

    public static int Vectors => TTile.Vectors;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Step(T* a, nint stride, TVector left, TVector right)
    {
        _top.Step(a, stride, left, right);
        _bottom.Step(a + 3 * TTile.Rows * stride, stride, left, right);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Store(T* c, nint stride)
    {
        _top.Store(c, stride);
        _bottom.Store(c + 3 * TTile.Rows * stride, stride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Add(T* c, nint stride)
    {
        _top.Add(c, stride);
        _bottom.Add(c + 3 * TTile.Rows * stride, stride);
    }
}
