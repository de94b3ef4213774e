using System.Numerics;
using System.Runtime.CompilerServices;

namespace Thalweg.Kernels;

/// <summary>The elements of tiles at the 36 points <c>[36, tiles, pitch]</c>.</summary>
/// <param name="start">First tile at the first point.</param>
/// <param name="step">Elements from one point to the next.</param>
internal readonly unsafe struct PointRows<T>(T* start, nint step)
    where T : unmanaged
{
    public readonly T* Start = start;

    public readonly nint Step = step;
}

/// <summary>Tiles of a segment <c>[rows, columns, pitch]</c> to points <c>[36, tiles, pitch]</c> and back.</summary>
internal static unsafe class WinogradTiles
{
    /// <summary>Inputs of all tiles of a segment to points.</summary>
    /// <param name="shape">The convolution.</param>
    /// <param name="copy">The inputs of the segment, channels last.</param>
    /// <param name="columns">Columns of the copy.</param>
    /// <param name="points">Where the first tile goes.</param>
    [MethodImpl(Drive.Loop)]
    public static void Inputs<V, T>(in WinogradShape shape, T* copy, int columns, PointRows<T> points)
        where V : unmanaged, ISimdVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        const int Points = WinogradShape.Points;
        T* middle = stackalloc T[WinogradShape.Products * V.Count], target = points.Start;
        int pitch = shape.ChannelPitch;
        nint rowStep = (nint)columns * pitch, step = points.Step;
        for (int row = 0; row < shape.BlockRows; row++)
        {
            for (int column = 0; column < shape.TileColumns; column++, target += pitch)
            {
                T* tile = copy + (((row * (nint)columns) + column) * shape.Size * pitch);
                for (int channel = 0; channel < pitch; channel += V.Count)
                {
                    for (int j = 0; j < Points; j++)
                        WinogradTransforms.Input<V, T>(tile + channel + (j * pitch), rowStep, middle + (j * V.Count), Points * V.Count);
                    for (int i = 0; i < Points; i++)
                    {
                        WinogradTransforms.Input<V, T>(
                            middle + (i * Points * V.Count), V.Count, target + channel + (i * Points * step), step);
                    }
                }
            }
        }
    }

    /// <summary>Cotangents of all results of a segment, channels last in whole tiles, to points.</summary>
    [MethodImpl(Drive.Loop)]
    public static void Cotangents<V, T>(in WinogradShape shape, T* copy, int columns, PointRows<T> points)
        where V : unmanaged, ISimdVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        const int Points = WinogradShape.Points;
        T* middle = stackalloc T[WinogradShape.Products * V.Count], target = points.Start;
        int pitch = shape.OutputPitch, size = shape.Size, vectors = V.Count;
        nint rowStep = (nint)columns * pitch, step = points.Step;
        for (int row = 0; row < shape.BlockRows; row++)
        {
            for (int column = 0; column < shape.TileColumns; column++, target += pitch)
            {
                T* tile = copy + (((row * (nint)columns) + column) * size * pitch);
                for (int channel = 0; channel < pitch; channel += V.Count)
                {
                    for (int j = 0; j < size; j++)
                    {
                        WinogradTransforms.Cotangent<V, T>(
                            size, tile + channel + (j * pitch), rowStep, middle + (j * vectors), Points * vectors);
                    }

                    for (int i = 0; i < Points; i++)
                    {
                        WinogradTransforms.Cotangent<V, T>(
                            size, middle + (i * Points * vectors), vectors, target + channel + (i * Points * step), step);
                    }
                }
            }
        }
    }

    /// <summary>Products at the points to results, channels last in whole tiles.</summary>
    /// <param name="shape">The convolution.</param>
    /// <param name="points">The first tile.</param>
    /// <param name="bias">Added to each result, one number per channel filled up to whole vectors, or null.</param>
    /// <param name="relu">Whether negative results become 0.</param>
    /// <param name="results">Places <c>[block rows x size, tile columns x size, pitch]</c>.</param>
    [MethodImpl(Drive.Loop)]
    public static void Outputs<V, T>(in WinogradShape shape, PointRows<T> points, T* bias, bool relu, T* results)
        where V : unmanaged, ISimdVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        const int Points = WinogradShape.Points;
        T* middle = stackalloc T[WinogradShape.Products * V.Count], source = points.Start;
        int pitch = shape.OutputPitch, size = shape.Size, vectors = V.Count;
        nint rowStep = (nint)shape.TileColumns * size * pitch, step = points.Step;
        for (int row = 0; row < shape.BlockRows; row++)
        {
            for (int column = 0; column < shape.TileColumns; column++, source += pitch)
            {
                T* tile = results + (row * size * rowStep) + ((nint)column * size * pitch);
                for (int channel = 0; channel < pitch; channel += V.Count)
                {
                    for (int j = 0; j < Points; j++)
                    {
                        WinogradTransforms.Output<V, T>(
                            size, source + channel + (j * step), Points * step, middle + (j * vectors), Points * vectors);
                    }

                    for (int i = 0; i < size; i++)
                    {
                        WinogradTransforms.Output<V, T>(
                            size, middle + (i * Points * vectors), vectors, tile + channel + (i * rowStep), pitch);
                    }

                    if (bias != null || relu)
                        Finish<V, T>(shape, tile + channel, rowStep, bias == null ? null : bias + channel, relu);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish<V, T>(in WinogradShape shape, T* tile, nint rowStep, T* bias, bool relu)
        where V : unmanaged, ISimdVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        V zero = V.Splat(T.Zero), shift = bias == null ? zero : V.Load(bias);
        for (int i = 0; i < shape.Size; i++)
        {
            for (int j = 0; j < shape.Size; j++)
            {
                T* position = tile + (i * rowStep) + (j * shape.OutputPitch);
                V value = V.Load(position) + shift;
                V.Store(relu ? V.Select(V.Less(value, zero), zero, value) : value, position);
            }
        }
    }
}
