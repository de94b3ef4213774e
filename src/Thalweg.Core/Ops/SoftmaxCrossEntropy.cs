using System.Numerics;
using Thalweg.Kernels;

namespace Thalweg;

/// <summary>How the losses of samples become one number.</summary>
public enum Reduction
{
    /// <summary>They do not: one loss per sample.</summary>
    None,

    /// <summary>Mean over the samples: the default.</summary>
    Mean,

    /// <summary>Sum over the samples.</summary>
    Sum,
}

/// <content>Softmax cross-entropy.</content>
public sealed partial class Tensor
{
    /// <summary>-log softmax(logits)[label], stable for logits of any size. Source: Bishop, "Pattern Recognition and Machine Learning", 2006, eq. (4.108).</summary>
    /// <param name="labels">Int32 class of each sample, <c>[batch]</c>, each from 0 to classes - 1.</param>
    /// <param name="reduction">Mean (default), sum, or one loss per sample.</param>
    /// <returns>A scalar, or <c>[batch]</c>, in nats; this tensor holds the logits <c>[batch, classes]</c>.</returns>
    /// <exception cref="ThalwegException">The shapes do not fit, or a label is out of range.</exception>
    public Tensor SoftmaxCrossEntropy(Tensor labels, Reduction reduction = Reduction.Mean) =>
        SoftmaxCrossEntropyOp.Instance.Apply(new OpArguments { First = (int)reduction }, this, labels);
}

/// <summary>Cross-entropy of softmax(logits) against class labels; keeps the probabilities for the backward pass.</summary>
internal sealed unsafe class SoftmaxCrossEntropyOp : CompositeOp
{
    public static readonly SoftmaxCrossEntropyOp Instance = new();

    public override string Name => "softmax cross-entropy";

    protected override Tensor Forward<T>(ref OpCall call)
    {
        Tensor x = call[0].Packed(), labels = call[1].Packed();
        if (x.Rank != 2 || labels.DType != DType.Int32 || labels.Rank != 1 || labels.Shape[0] != x.Shape[0])
        {
            throw new ThalwegException($"[{Name}] expected logits [batch, classes] and Int32 labels [batch], got {x.Shape} and {labels.DType} {labels.Shape}");
        }

        int batch = x.Shape[0], classes = x.Shape[1];
        Tensor probabilities = Tensor.Allocate(x.Shape, x.DType, Name), losses = Tensor.Allocate([batch], x.DType, Name);
        Tensor row = Tensor.Allocate([batch], x.DType, Name);
        T* p = probabilities.Pointer<T>(), l = losses.Pointer<T>(), r = row.Pointer<T>(), z = x.Pointer<T>();
        Reduce.MaxRows(z, batch, classes, r);
        Zip.RunRows(new Subtract<T>(), z, r, p, batch, classes, Broadcast.ColumnVector);
        int* label = labels.Pointer<int>();
        for (int i = 0; i < batch; i++)
        {
            l[i] = -p[((nint)i * classes) + InRange(label[i], classes, i)];
        }

        Map.Run(new Exp<T>(), p, p, (nint)x.Length);
        Reduce.SumRows(p, batch, classes, r, accumulate: false);
        Zip.RunRows(new Divide<T>(), p, r, p, batch, classes, Broadcast.ColumnVector);
        Map.Run(new Log<T>(), r, r, batch);
        Zip.Run(new Add<T>(), l, r, l, batch);
        call.Saved = probabilities;
        Alive.Until(x, labels, row);
        return Reduced<T>(losses, (Reduction)call.Arguments.First);
    }

    protected override bool TryFusedVjp<T>(in OpCall call, Tensor y, Tensor gy, ref Cotangents gx)
    {
        if (call.Saved is not { } probabilities)
        {
            return false;
        }

        int batch = probabilities.Shape[0], classes = probabilities.Shape[1];
        Tensor target = gx.Target(0, out bool accumulate), g = gy.Packed(), labels = call[1].Packed();
        Reduction reduction = (Reduction)call.Arguments.First;
        T share = reduction == Reduction.Mean ? T.One / T.CreateTruncating(Math.Max(batch, 1)) : T.One;
        T* p = probabilities.Pointer<T>(), t = target.Pointer<T>(), weight = g.Pointer<T>();
        int* label = labels.Pointer<int>();
        for (int i = 0; i < batch; i++)
        {
            T scale = share * weight[reduction == Reduction.None ? i : 0];
            T* from = p + ((nint)i * classes), to = t + ((nint)i * classes);
            for (int c = 0; c < classes; c++)
            {
                T value = scale * (c == label[i] ? from[c] - T.One : from[c]);
                to[c] = accumulate ? to[c] + value : value;
            }
        }

        Alive.Until(g, labels);
        return true;
    }

    protected override Tensor Compose(in OpCall call)
    {
        Tensor x = call[0], hot = Tensor.Zeros(x.Shape, x.DType), labels = call[1].Packed();
        for (int i = 0; i < x.Shape[0]; i++)
        {
            hot.Write(((long)i * x.Shape[1]) + (long)labels.Read(i), 1);
        }

        Tensor losses = x.LogSoftmax().Multiply(hot).Sum(-1).Negate();
        return (Reduction)call.Arguments.First switch
        {
            Reduction.Mean => losses.Mean(),
            Reduction.Sum => losses.Sum(),
            _ => losses,
        };
    }

    private static Tensor Reduced<T>(Tensor losses, Reduction reduction)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (reduction == Reduction.None)
        {
            return losses;
        }

        Tensor total = Tensor.Allocate([], losses.DType, Instance.Name);
        T sum = Reduce.Sum(losses.Pointer<T>(), (nint)losses.Length);
        *total.Pointer<T>() = reduction == Reduction.Mean ? sum / T.CreateTruncating(losses.Length) : sum;
        return total;
    }

    private static int InRange(int label, int classes, int sample) => (uint)label < (uint)classes
        ? label
        : throw new ThalwegException($"[softmax cross-entropy] expected labels from 0 to {classes - 1}, got {label} for sample {sample} of the batch");
}
