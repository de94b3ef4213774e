using System.Numerics;
using System.Runtime.CompilerServices;

namespace Thalweg.Kernels;

/// <summary>y = scale (x - center) + shift for x <c>[batch, channels, places]</c> with three numbers per channel; a chunk
/// is some images.</summary>
internal readonly unsafe struct ChannelScaling<T> : IParallelJob
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The numbers.</summary>
    public required T* X { get; init; }

    /// <summary>The result.</summary>
    public required T* Y { get; init; }

    /// <summary>Taken from the numbers of each channel.</summary>
    public required T* Center { get; init; }

    /// <summary>Factor of each channel.</summary>
    public required T* Scale { get; init; }

    /// <summary>Added to each channel.</summary>
    public required T* Shift { get; init; }

    /// <summary>Number of images, or of rows.</summary>
    public required int Batch { get; init; }

    /// <summary>Number of channels.</summary>
    public required int Channels { get; init; }

    /// <summary>Numbers of a channel of one image.</summary>
    public required nint Places { get; init; }

    private int PerChunk { get; init; }

    /// <summary>Runs all chunks.</summary>
    public static void Run(in ChannelScaling<T> work)
    {
        nint image = nint.Max(1, work.Channels * work.Places);
        bool small = work.Batch * image <= Chunks.Threshold;
        ChannelScaling<T> job = work with { PerChunk = small ? Math.Max(1, work.Batch) : (int)nint.Max(1, Chunks.Length / image) };
        WorkerTeam.Run(ref job, Chunks.Count(work.Batch, job.PerChunk));
    }

    /// <inheritdoc/>
    public void Run(int chunk)
    {
        VectorWidth width = VectorWidths.Best;
        for (int image = chunk * PerChunk, last = Math.Min(Batch, image + PerChunk); image < last; image++)
        {
            nint start = image * Channels * Places;
            if (Places == 1)
            {
                Row(width, X + start, Y + start);
                continue;
            }

            for (int channel = 0; channel < Channels; channel++, start += Places)
            {
                Normalizing<T> function = new(Center[channel], Scale[channel], Shift[channel]);
                Map.RunChunk(width, function, X + start, Y + start, Places);
            }
        }
    }

    private void Row(VectorWidth width, T* x, T* y)
    {
        int done = width switch
        {
            VectorWidth.Bits512 => Loop<SimdVector512<T>>(x, y, 0),
            VectorWidth.Bits256 => Loop<SimdVector256<T>>(x, y, 0),
            VectorWidth.Bits128 => Loop<SimdVector128<T>>(x, y, 0),
            _ => 0,
        };
        Loop<SimdVector1<T>>(x, y, done);
    }

    [MethodImpl(Drive.Loop)]
    private int Loop<V>(T* x, T* y, int first)
        where V : unmanaged, ISimdVector<V, T>
    {
        int i = first;
        for (; i <= Channels - V.Count; i += V.Count)
            V.Store(V.Fma(V.Load(x + i) - V.Load(Center + i), V.Load(Scale + i), V.Load(Shift + i)), y + i);
        return i;
    }
}
