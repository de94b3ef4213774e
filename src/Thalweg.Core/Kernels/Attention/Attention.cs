using System.Numerics;

namespace Thalweg.Kernels;

/// <summary>Scaled dot-product attention: softmax(scale Q K' + mask) V for each head, forward and backward.</summary>
/// <remarks>
/// Source: Vaswani and others, NeurIPS 2017, equation 1. A forward chunk is a block of queries of one head; a backward chunk is a head,
/// which adds its blocks in ascending order. All rounding is that of <see cref="MatMul"/> and <see cref="SoftmaxRows"/>, so results are
/// equal to the bit for any vector width and number of threads, and weights that are computed again equal those that were kept.
/// </remarks>
internal static unsafe class Attention
{
    /// <summary>Result for each query; the weights are written where they are to be kept.</summary>
    public static void Forward<T>(in AttentionWork<T> work)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ForwardJob<T> job = new() { Work = work };
        WorkerTeam.Run(ref job, work.Batch * work.Heads * work.Blocks);
    }

    /// <summary>Cotangents of queries, keys and values.</summary>
    public static void Backward<T>(in AttentionWork<T> work)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        BackwardJob<T> job = new() { Work = work };
        WorkerTeam.Run(ref job, work.Batch * work.Heads);
    }

    private struct ForwardJob<T> : IParallelJob
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public AttentionWork<T> Work;

        public readonly void Run(int chunk)
        {
            QueryBlock<T> block = new(Work, chunk / Work.Blocks, chunk % Work.Blocks);
            nint size = (nint)block.Rows * Work.Stride;
            T* scratch = ScratchMemory.Take<T>(size);
            T* weights = Work.Weights == null ? scratch : block.KeptWeights(Work);
            block.ComputeWeights(Work, weights);
            T* used = weights;
            if (Work.DropThreshold != 0)
            {
                block.Drop(Work, weights, scratch);
                used = scratch;
            }

            T* values = Work.Value.At(block.Sample, block.Head);
            T* result = Work.Result.At(block.Sample, block.Head) + (block.First * Work.Result.Row);
            Matrix<T> left = new(used, block.Rows, block.Keys, Work.Stride, 1);
            MatMul.Multiply(left, Work.Value.Rows(values, block.Keys, Work.ValueWidth), result, Work.Result.Row, default);
        }
    }

    private struct BackwardJob<T> : IParallelJob
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public AttentionWork<T> Work;

        public readonly void Run(int chunk)
        {
            int sample = chunk / Work.Heads, head = chunk % Work.Heads;
            if (!Work.AccumulateQuery)
                Clear(Work.QueryGradient, sample, head, Work.Queries, Work.Width);
            if (!Work.AccumulateKey)
                Clear(Work.KeyGradient, sample, head, Work.Keys, Work.Width);
            if (!Work.AccumulateValue)
                Clear(Work.ValueGradient, sample, head, Work.Keys, Work.ValueWidth);
            for (int block = 0; block < Work.Blocks; block++)
                Differentiate(new QueryBlock<T>(Work, chunk, block));
        }

        private readonly void Differentiate(in QueryBlock<T> block)
        {
            nint size = (nint)block.Rows * Work.Stride;
            T* scratch = ScratchMemory.Take<T>(3 * size);
            T* gradient = scratch, dropped = scratch + size, weights = scratch + (2 * size);
            if (Work.Weights != null)
                weights = block.KeptWeights(Work);
            else
                block.ComputeWeights(Work, weights);
            if (Work.DropThreshold != 0)
                block.Drop(Work, weights, dropped);
            else
                dropped = weights;
            int keys = block.Keys;
            T* result = Work.ResultGradient.At(block.Sample, block.Head) + (block.First * Work.ResultGradient.Row);
            Matrix<T> y = Work.ResultGradient.Rows(result, block.Rows, Work.ValueWidth);
            if (Work.ValueGradient.Data != null)
            {
                Matrix<T> left = new Matrix<T>(dropped, block.Rows, keys, Work.Stride, 1).Transposed;
                Epilogue<T> add = new() { Accumulate = true };
                MatMul.Multiply(left, y, Work.ValueGradient.At(block.Sample, block.Head), Work.ValueGradient.Row, add);
            }

            if (Work.QueryGradient.Data == null && Work.KeyGradient.Data == null)
                return;
            Matrix<T> values = Work.Value.Rows(Work.Value.At(block.Sample, block.Head), keys, Work.ValueWidth);
            MatMul.Multiply(y, values.Transposed, gradient, Work.Stride, default);
            if (Work.DropThreshold != 0)
                block.Drop(Work, gradient, gradient);
            block.DifferentiateSoftmax(Work, weights, gradient);
            DifferentiateScores(block, new(gradient, block.Rows, keys, Work.Stride, 1));
        }

        /// <summary>Gradients of queries and keys from those of their products.</summary>
        private readonly void DifferentiateScores(in QueryBlock<T> block, Matrix<T> scores)
        {
            Epilogue<T> add = new() { Accumulate = true };
            nint first = block.First;
            if (Work.QueryGradient.Data != null)
            {
                T* target = Work.QueryGradient.At(block.Sample, block.Head) + (first * Work.QueryGradient.Row);
                Matrix<T> keys = Work.Key.Rows(Work.Key.At(block.Sample, block.Head), block.Keys, Work.Width);
                MatMul.Multiply(scores, keys, target, Work.QueryGradient.Row, add);
            }

            if (Work.KeyGradient.Data != null)
            {
                T* queries = Work.Query.At(block.Sample, block.Head) + (first * Work.Query.Row);
                Matrix<T> right = Work.Query.Rows(queries, block.Rows, Work.Width);
                MatMul.Multiply(scores.Transposed, right, Work.KeyGradient.At(block.Sample, block.Head), Work.KeyGradient.Row, add);
            }
        }

        private static void Clear(in HeadView<T> view, int sample, int head, int rows, int width)
        {
            if (view.Data == null)
                return;
            T* row = view.At(sample, head);
            for (int i = 0; i < rows; i++, row += view.Row)
                new Span<T>(row, width).Clear();
        }
    }
}
