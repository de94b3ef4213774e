using System.Numerics;

namespace Thalweg.Kernels;

/// <summary>Some neighboring queries of one head, and the weights between them and the keys that any of them sees.</summary>
internal readonly unsafe struct QueryBlock<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The block.</summary>
    /// <param name="work">The whole work.</param>
    /// <param name="pair">Sample and head as one number.</param>
    /// <param name="block">Number of the block.</param>
    public QueryBlock(in AttentionWork<T> work, int pair, int block)
    {
        (Pair, Sample, Head) = (pair, pair / work.Heads, pair % work.Heads);
        First = block * AttentionWork<T>.BlockRows;
        Rows = Math.Min(AttentionWork<T>.BlockRows, work.Queries - First);
        Keys = work.Seen(Sample, First + Rows - 1);
    }

    public int Pair { get; }

    public int Sample { get; }

    public int Head { get; }

    /// <summary>First query.</summary>
    public int First { get; }

    /// <summary>Number of queries.</summary>
    public int Rows { get; }

    /// <summary>Number of keys that any of the queries sees: those that the last one sees.</summary>
    public int Keys { get; }

    /// <summary>Where the weights of the block are kept.</summary>
    public T* KeptWeights(in AttentionWork<T> work) => work.Weights + ((((nint)Pair * work.Queries) + First) * work.Stride);

    /// <summary>Weights [rows, Stride] = softmax(scale Q K' + mask), 0 beyond the keys that a query sees.</summary>
    public void ComputeWeights(in AttentionWork<T> work, T* weights)
    {
        T* queries = work.Query.At(Sample, Head) + (First * work.Query.Row);
        Matrix<T> keys = work.Key.Rows(work.Key.At(Sample, Head), Keys, work.Width);
        MatMul.Multiply(work.Query.Rows(queries, Rows, work.Width), keys.Transposed, weights, work.Stride, default);
        T* row = weights;
        for (int i = 0; i < Rows; i++, row += work.Stride)
        {
            int seen = work.Seen(Sample, First + i);
            T scale = work.Scale;
            if (work.Mask.Data != null)
            {
                T* mask = work.Mask.At(Sample, Head) + ((First + i) * work.Mask.Row);
                Zip.RunChunk(VectorWidths.Best, new ScalingAndAdding<T>(scale), row, mask, row, seen);
                scale = T.One;
            }

            SoftmaxRows.Forward(row, seen, work.Stride, scale);
        }
    }

    /// <summary>gradient = derivative by the products Q K' for the cotangent of the weights.</summary>
    public void DifferentiateSoftmax(in AttentionWork<T> work, T* weights, T* gradient)
    {
        int stride = work.Stride, filled = AttentionWork<T>.Filled(Keys);
        for (int i = 0; i < Rows; i++, weights += stride, gradient += stride)
        {
            new Span<T>(gradient + Keys, filled - Keys).Clear();
            SoftmaxRows.Backward(weights, gradient, Keys, work.Scale);
        }
    }

    /// <summary>target = source with dropout: the mask that <see cref="Tensor.Dropout"/> has for weights [batch,
    /// heads, queries, keys].</summary>
    public void Drop(in AttentionWork<T> work, T* source, T* target)
    {
        Span<uint> words = stackalloc uint[4];
        for (int i = 0; i < Rows; i++, source += work.Stride, target += work.Stride)
        {
            ulong index = ((((ulong)Pair * (ulong)work.Queries) + (ulong)(First + i)) * (ulong)work.Keys);
            for (int j = 0; j < Keys; j++, index++)
            {
                if (j == 0 || index % 4 == 0)
                    (words[0], words[1], words[2], words[3]) = Philox.Block(work.DropKey, index / 4, work.DropCounter);
                target[j] = words[(int)(index % 4)] < work.DropThreshold ? T.Zero : source[j] * work.DropFactor;
            }
        }
    }
}
