using System.Numerics;
using Thalweg.Kernels;

namespace Thalweg;

/// <content>Softmax cross-entropy.</content>
public sealed partial class Tensor
{
    /// <summary>-log softmax(logits)[label], stable for logits of any size. Source: Bishop, "Pattern Recognition and Machine Learning",
    /// 2006, eq. (4.108).</summary>
    /// <param name="labels">Int32 class of each sample, <c>[batch]</c>, each from 0 to classes - 1, or -100 for a sample
    /// that counts nothing.</param>
    /// <param name="reduction">Mean (default), sum, or one loss per sample.</param>
    /// <returns>A scalar, or <c>[batch]</c>, in nats; this tensor holds the logits <c>[batch, classes]</c>.</returns>
    /// <exception cref="ThalwegException">The shapes do not fit, or a label is out of range.</exception>
    public Tensor SoftmaxCrossEntropy(Tensor labels, Reduction reduction = Reduction.Mean) =>
        SoftmaxCrossEntropy(labels, new CrossEntropyOptions { Reduction = reduction });

    /// <summary>(1 - e) w[label] (-log p[label]) + (e / classes) sum over k of w[k] (-log p[k]), with p = softmax(logits).</summary>
    /// <param name="labels">Int32 class of each sample, <c>[batch]</c>, each from 0 to classes - 1 or the ignored one.</param>
    /// <param name="options">Class weights w, smoothing e, ignored label, reduction.</param>
    /// <returns>A scalar, or <c>[batch]</c>, in nats; 0 where no sample counts. This tensor holds the
    /// logits <c>[batch, classes]</c>.</returns>
    /// <exception cref="ThalwegException">The shapes or options do not fit, or a label is out of range.</exception>
    /// <remarks>Source: as the overload above; smoothing: Szegedy and others, "Rethinking the Inception architecture", CVPR
    /// 2016, section 7.</remarks>
    public Tensor SoftmaxCrossEntropy(Tensor labels, in CrossEntropyOptions options)
    {
        if (!(options.LabelSmoothing >= 0 && options.LabelSmoothing <= 1))
            throw new ThalwegException($"[softmax cross-entropy] expected a label smoothing in [0, 1], got {options.LabelSmoothing}");

        OpArguments arguments = new() { First = (int)options.Reduction, Second = options.IgnoredLabel, Real = options.LabelSmoothing };
        return SoftmaxCrossEntropyOp.Instance.Apply(arguments, this, labels, options.ClassWeights?.Detach());
    }
}

/// <summary>Cross-entropy of softmax(logits) against class labels; keeps the probabilities for the backward pass.</summary>
/// <remarks>Inputs: logits, labels and maybe class weights, which take no derivative. Arguments: reduction,
/// ignored label, smoothing.</remarks>
internal sealed unsafe class SoftmaxCrossEntropyOp : CompositeOp
{
    public static readonly SoftmaxCrossEntropyOp Instance = new();

    public override string Name => "softmax cross-entropy";

    protected internal override void Describe(in OpArguments arguments, int inputs, OpDescription description) =>
        description.Of(OpKind.Loss).Inputs("logits", "labels", "class_weights")
            .Attribute("reduction", (Reduction)arguments.First)
            .Attribute("ignored_label", arguments.Second)
            .Attribute("label_smoothing", arguments.Real)
            .Value(new InnerValue("probabilities", IsStored: true), static (call, _) => call.Saved ?? call[0].Softmax());

    protected override Tensor Forward<T>(ref OpCall call)
    {
        Tensor x = call[0].AsContiguous();
        Problem<T> problem = Problem<T>.Of(call, x);
        (int batch, int classes) = (problem.Batch, problem.Classes);
        Tensor probabilities = Tensor.Allocate(x.Shape, x.DType, Name), losses = Tensor.Allocate([batch], x.DType, Name);
        Tensor row = Tensor.Allocate([batch], x.DType, Name), shifted = Tensor.Allocate(x.Shape, x.DType, Name);
        T* p = probabilities.Pointer<T>(), l = losses.Pointer<T>(), r = row.Pointer<T>(), s = shifted.Pointer<T>();
        Softmax(new SoftmaxRows<T> { X = x.Pointer<T>(), Count = batch, Columns = classes, Shifted = s, Probabilities = p, Totals = r });
        Map.Run(new Log<T>(), r, r, batch);
        for (int i = 0; i < batch; i++)
            l[i] = -problem.Dot(s + ((nint)i * classes), i);

        for (int i = 0; i < batch; i++)
        {
            // A sample of weight 0 may hold anything, NaN too.
            l[i] += problem.Counts(i) ? r[i] * problem.Mass(i) : T.Zero;
        }

        call.Saved = probabilities;
        Tensor reduced = Reduced(losses, (Reduction)call.Arguments.First, problem);
        problem.KeepAlive();
        Lifetime.KeepAlive(x, row, shifted);
        return reduced;
    }

    protected override bool TryFusedVjp<T>(in OpCall call, Tensor y, Tensor gy, ref Cotangents gx)
    {
        if (call.Saved is not { } probabilities)
            return false;

        Tensor target = gx.Target(0, out bool accumulate), g = gy.AsContiguous();
        Problem<T> problem = Problem<T>.Of(call, probabilities);
        Reduction reduction = (Reduction)call.Arguments.First;
        T share = reduction == Reduction.Mean ? problem.Share() : T.One;
        T* p = probabilities.Pointer<T>(), t = target.Pointer<T>(), weight = g.Pointer<T>();
        for (int i = 0; i < problem.Batch; i++)
        {
            nint first = (nint)i * problem.Classes;
            problem.Gradient(p + first, i, share * weight[reduction == Reduction.None ? i : 0], t + first, accumulate);
        }

        problem.KeepAlive();
        Lifetime.KeepAlive(g, target);
        return true;
    }

    protected override Tensor Compose(in OpCall call)
    {
        Tensor x = call[0], targets = Tensor.Zeros(x.Shape, x.DType), labels = call[1].AsContiguous();
        Tensor counted = Tensor.Ones([x.Shape[0], 1], x.DType);
        (int classes, double smoothing, double total) = (x.Shape[1], call.Arguments.Real, 0);
        for (int i = 0; i < x.Shape[0]; i++)
        {
            int label = (int)labels.Read(i);
            counted.Write(i, label == call.Arguments.Second ? 0 : 1);
            for (int c = 0; c < classes && label != call.Arguments.Second; c++)
            {
                double share = ((c == label ? 1 - smoothing : 0) + (smoothing / classes)) * Weight(call, c);
                targets.Write(((long)i * classes) + c, share);
                total += c == label ? Weight(call, c) : 0;
            }
        }

        // What has weight 0 may hold anything, NaN too.
        x = Tensor.Where(counted, x, Tensor.Scalar(0, x.DType));
        Tensor losses = targets.MultiplyMasked(x.LogSoftmax()).Sum(-1).Negate();
        return (Reduction)call.Arguments.First switch
        {
            Reduction.Mean => losses.Sum().Multiply(total == 0 ? 0 : 1 / total),
            Reduction.Sum => losses.Sum(),
            _ => losses,
        };
    }

    /// <summary>Softmax of rows: in one kernel where they are short, else through the drivers.</summary>
    private static void Softmax<T>(in SoftmaxRows<T> rows)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (rows.Columns is > 0 and <= ShortRows.MaximumColumns)
        {
            ShortRows.Softmax(VectorWidths.Best, rows);
            return;
        }

        LongRows.Softmax(rows);
    }

    private static double Weight(in OpCall call, int label) => call.Count > 2 ? call[2].AsContiguous().Read(label) : 1;

    private static Tensor Reduced<T>(Tensor losses, Reduction reduction, in Problem<T> problem)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (reduction == Reduction.None)
            return losses;

        Tensor total = Tensor.Allocate([], losses.DType, Instance.Name);
        T sum = Reduce.Sum(losses.Pointer<T>(), (nint)losses.Length);
        *total.Pointer<T>() = reduction == Reduction.Mean ? sum * problem.Share() : sum;
        return total;
    }

    /// <summary>Labels and weights of one call, and what each sample's target is made of.</summary>
    private readonly struct Problem<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public readonly int Batch, Classes;
        private readonly Tensor _labels;
        private readonly Tensor? _weights;
        private readonly int* _label;
        private readonly T* _weight;
        private readonly T _kept, _spread, _totalWeight;
        private readonly int _ignored;

        private Problem(in OpCall call, Shape shape)
        {
            (Batch, Classes, _ignored) = (shape[0], shape[1], call.Arguments.Second);
            _labels = call[1].AsContiguous();
            _label = _labels.Pointer<int>();
            _weights = call.Count > 2 ? call[2].AsContiguous() : null;
            _weight = _weights is null ? null : _weights.Pointer<T>();
            _kept = T.CreateTruncating(1 - call.Arguments.Real);
            _spread = T.CreateTruncating(call.Arguments.Real / Math.Max(Classes, 1));
            _totalWeight = _weight is null ? T.CreateTruncating(Classes) : Reduce.Sum(_weight, Classes);
            for (int i = 0; i < Batch; i++)
                InRange(_label[i], i);
        }

        public static Problem<T> Of(in OpCall call, Tensor x)
        {
            Tensor labels = call[1];
            if (x.Rank != 2 || labels.DType != DType.Int32 || labels.Rank != 1 || labels.Shape[0] != x.Shape[0])
            {
                throw new ThalwegException(
                    $"[{Instance.Name}] expected logits [batch, classes] and Int32 labels [batch], got {x.Shape} and {labels.DType} " +
                    $"{labels.Shape}");
            }

            if (call.Count > 2 && (call[2].Rank != 1 || call[2].Shape[0] != x.Shape[1]))
                Throw.WrongShape(Instance.Name, $"class weights [{x.Shape[1]}]", call[2].Shape);

            return new Problem<T>(call, x.Shape);
        }

        /// <summary>1 / sum of the weights of the labels that count; 0 where none does.</summary>
        public T Share()
        {
            T total = T.Zero;
            for (int i = 0; i < Batch; i++)
                total += _label[i] == _ignored ? T.Zero : At(_label[i]);

            return total == T.Zero ? T.Zero : T.One / total;
        }

        /// <summary>Target of sample i times a row of (shifted) logits.</summary>
        public T Dot(T* row, int i)
        {
            if (!Counts(i))
                return T.Zero;

            // A weight of 0 silences a class whose logarithm is -∞, too.
            T own = _kept * At(_label[i]), value = own == T.Zero ? T.Zero : own * row[_label[i]];
            return _spread == T.Zero ? value : value + Spread(row);
        }

        /// <summary>Whether sample i counts.</summary>
        public bool Counts(int i) => _label[i] != _ignored;

        /// <summary>Sum of the target of sample i.</summary>
        public T Mass(int i) => _label[i] == _ignored ? T.Zero : (_kept * At(_label[i])) + (_spread * _totalWeight);

        /// <summary>to = [to +] scale (mass p - target).</summary>
        public void Gradient(T* p, int i, T scale, T* to, bool accumulate)
        {
            int label = _label[i];
            if (!Counts(i))
            {
                new Span<T>(to, accumulate ? 0 : Classes).Clear();
                return;
            }

            T mass = scale * Mass(i), even = scale * _spread;
            T hit = scale * ((Mass(i) * p[label]) - ((_kept + _spread) * At(label))) + (accumulate ? to[label] : T.Zero);
            for (int c = 0; c < Classes; c++)
            {
                T value = mass * p[c];
                value = even == T.Zero ? value : value - (even * At(c));
                to[c] = accumulate ? to[c] + value : value;
            }

            to[label] = hit;
        }

        /// <summary>Keeps the memory behind the addresses: labels and weights may be copies that nothing else holds.</summary>
        public void KeepAlive() => Lifetime.KeepAlive(_labels, _weights);

        /// <summary>The evenly spread share of the target times a row.</summary>
        private T Spread(T* row)
        {
            T sum = _spread * (_weight is null ? Reduce.Sum(row, Classes) : Reduce.Dot(row, _weight, Classes));
            if (T.IsFinite(sum))
                return sum;

            // Either the sum alone is too large, or a class is masked: then its weight decides.
            sum = T.Zero;
            for (int c = 0; c < Classes; c++)
            {
                T share = _spread * At(c);
                sum += share == T.Zero ? T.Zero : share * row[c];
            }

            return sum;
        }

        private T At(int label) => _weight is null ? T.One : _weight[label];

        private void InRange(int label, int sample)
        {
            if (label != _ignored && (uint)label >= (uint)Classes)
            {
                throw new ThalwegException(
                    $"[softmax cross-entropy] expected labels from 0 to {Classes - 1}, got {label} for sample {sample} of the batch");
            }
        }
    }
}
