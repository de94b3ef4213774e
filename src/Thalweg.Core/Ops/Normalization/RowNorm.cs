using System.Numerics;
using Thalweg.Kernels;

namespace Thalweg;

/// <content>Normalizations within a sample: layer, group, instance, root mean square.</content>
public sealed partial class Tensor
{
    /// <summary>weight (x - mean) / sqrt(variance + epsilon) + bias, mean and (biased) variance taken over the last axes of each sample.
    /// Source: Ba, Kiros, Hinton, "Layer normalization", arXiv:1607.06450, 2016, equations 3 and 4.</summary>
    /// <param name="axes">How many axes at the end are normalized together, 1 or more; default 1.</param>
    /// <param name="weight">Scale of the shape of those axes, or null for none.</param>
    /// <param name="bias">Shift of the same shape, or null for none.</param>
    /// <param name="epsilon">Added to the variance, above 0; default 1e-5.</param>
    /// <returns>The shape of this tensor, <c>[..., features]</c>.</returns>
    /// <exception cref="ThalwegException">The shapes do not fit.</exception>
    public Tensor LayerNorm(int axes = 1, Tensor? weight = null, Tensor? bias = null, double epsilon = 1e-5) =>
        RowNormOp.OverLast("layer norm", this, axes, (weight, bias), new OpArguments { Real = epsilon, OtherReal = 1 });

    /// <summary>weight x / sqrt(mean x^2 + epsilon) over the last axes of each sample. Source: Zhang, Sennrich, NeurIPS
    /// 2019, equation 4.</summary>
    /// <param name="axes">How many axes at the end are normalized together, 1 or more; default 1.</param>
    /// <param name="weight">Scale of the shape of those axes, or null for none.</param>
    /// <param name="epsilon">Added to the mean square, above 0; default 1e-6.</param>
    /// <returns>The shape of this tensor, <c>[..., features]</c>.</returns>
    /// <exception cref="ThalwegException">The shapes do not fit.</exception>
    public Tensor RmsNorm(int axes = 1, Tensor? weight = null, double epsilon = 1e-6) =>
        RowNormOp.OverLast("rms norm", this, axes, (weight, null), new OpArguments { Real = epsilon });

    /// <summary>weight (x - mean) / sqrt(variance + epsilon) + bias, mean and (biased) variance taken over the channels of a group
    /// and all places of each sample, scale and shift by channel. Source: Wu, He, "Group normalization", ECCV 2018, equations 1, 2,
    /// 6 and 7.</summary>
    /// <param name="groups">Number of groups; divides the channels.</param>
    /// <param name="weight">Scale <c>[channels]</c>, or null for none.</param>
    /// <param name="bias">Shift <c>[channels]</c>, or null for none.</param>
    /// <param name="epsilon">Added to the variance, above 0; default 1e-5.</param>
    /// <returns>The shape of this tensor, <c>[batch, channels, ...]</c>.</returns>
    /// <exception cref="ThalwegException">The shapes do not fit.</exception>
    public Tensor GroupNorm(int groups, Tensor? weight = null, Tensor? bias = null, double epsilon = 1e-5)
    {
        if (Rank < 2 || groups < 1 || Shape[1] % groups != 0 || Shape.LengthOf(1, Rank) == 0)
        {
            throw new ThalwegException(
                $"[group norm] expected inputs [batch, channels, ...] with channels that {groups} groups divide and samples that are not "
                + $"empty, got {Shape}");
        }

        return RowNormOp.OverGroups("group norm", this, groups, (weight, bias), epsilon);
    }

    /// <summary>Group normalization with each channel a group of its own. Source: Ulyanov, Vedaldi, Lempitsky,
    /// "Instance normalization", arXiv:1607.08022, 2016.</summary>
    /// <param name="weight">Scale <c>[channels]</c>, or null for none.</param>
    /// <param name="bias">Shift <c>[channels]</c>, or null for none.</param>
    /// <param name="epsilon">Added to the variance, above 0; default 1e-5.</param>
    /// <returns>The shape of this tensor, <c>[batch, channels, ...]</c>.</returns>
    /// <exception cref="ThalwegException">The shapes do not fit.</exception>
    public Tensor InstanceNorm(Tensor? weight = null, Tensor? bias = null, double epsilon = 1e-5)
    {
        if (Rank < 2 || Shape.LengthOf(1, Rank) == 0)
        {
            throw new ThalwegException(
                $"[instance norm] expected inputs [batch, channels, ...] with samples that are not empty, got {Shape}");
        }

        return RowNormOp.OverGroups("instance norm", this, Shape[1], (weight, bias), epsilon);
    }
}

/// <summary>Normalization of rows: First columns each, Second groups that share the scales of a sample (0: each column has
/// its own scale).</summary>
internal sealed unsafe class RowNormOp : CompositeOp
{
    public static readonly RowNormOp Instance = new();

    public override string Name => "row norm";

    protected internal override void Describe(in OpArguments arguments, int inputs, OpDescription description)
    {
        description.Of(OpKind.Normalization).Inputs("input", "scale", "shift").Attribute("epsilon", arguments.Real)
            .Attribute("columns", arguments.First).Attribute("centered", arguments.OtherReal == 1)
            .Value(new InnerValue("statistics", IsStored: true), read: null);
        if (arguments.Second > 0)
            description.Attribute("groups", arguments.Second);
    }

    /// <summary>Normalizes the last axes.</summary>
    public static Tensor OverLast(string name, Tensor x, int axes, (Tensor? Weight, Tensor? Bias) affine, in OpArguments arguments)
    {
        if (axes < 1 || axes > x.Rank || x.Shape.LengthOf(x.Rank - axes, x.Rank) == 0)
        {
            throw new ThalwegException(
                $"[{name}] expected from 1 to {x.Rank} axes to normalize, none of them empty, got {axes} axes of {x.Shape}");
        }

        Span<int> sizes = stackalloc int[x.Rank];
        x.Shape.CopyTo(sizes);
        int columns = checked((int)x.Shape.LengthOf(x.Rank - axes, x.Rank));
        return Instance.ApplyChecked(name, arguments with { First = columns }, x, new Shape(sizes[^axes..]), affine);
    }

    /// <summary>Normalizes groups of channels.</summary>
    public static Tensor OverGroups(string name, Tensor x, int groups, (Tensor? Weight, Tensor? Bias) affine, double epsilon)
    {
        int columns = checked((int)(x.Shape.LengthOf(1, x.Rank) / groups));
        OpArguments arguments = new() { Real = epsilon, OtherReal = 1, First = columns, Second = groups };
        return Instance.ApplyChecked(name, arguments, x, [x.Shape[1]], affine);
    }

    /// <summary>Applies the operation after a look at the scale and shift.</summary>
    public Tensor ApplyChecked(string name, in OpArguments arguments, Tensor x, Shape shape, (Tensor? Weight, Tensor? Bias) affine)
    {
        (Tensor? weight, Tensor? bias) = affine;
        if ((weight is not null && weight.Shape != shape) || (bias is not null && bias.Shape != shape))
        {
            throw new ThalwegException(
                $"[{name}] expected a scale of shape {shape} and a shift of shape {shape}, or one of them alone, got "
                + $"{Words(weight, bias)} for inputs {x.Shape}");
        }

        if (weight is not null || bias is null)
            return Apply(arguments, x, weight, bias);

        // A shift alone is rare: it is an addition of its own.
        Shape shifted = arguments.Second > 0 ? new Shape([shape[0], .. Enumerable.Repeat(1, x.Rank - 2)]) : shape;
        return Apply(arguments, x).Add(bias.Reshape(shifted));
    }

    /// <summary>A scale and a shift, for messages.</summary>
    public static string Words(Tensor? scale, Tensor? shift) =>
        $"{(scale is null ? "no scale" : $"a scale {scale.Shape}")} and {(shift is null ? "no shift" : $"a shift {shift.Shape}")}";

    protected override Tensor Forward<T>(ref OpCall call)
    {
        Tensor x = call[0].AsContiguous(), y = Tensor.Allocate(x.Shape, x.DType, Name);
        Tensor? gamma = call.Count > 1 ? call[1].AsContiguous() : null, beta = call.Count > 2 ? call[2].AsContiguous() : null;
        Tensor moments = Tensor.Allocate([3, checked((int)(x.Length / call.Arguments.First))], x.DType, Name);
        RowNormWork<T> work = Plan<T>(call, x, gamma, moments);
        work.Y = y.Pointer<T>();
        work.Beta = beta is null ? null : beta.Pointer<T>();
        RowNormalization.Forward(work);
        call.Saved = moments;
        Lifetime.KeepAlive(x, gamma, beta);
        return y;
    }

    protected override bool TryFusedVjp<T>(in OpCall call, Tensor y, Tensor gy, ref Cotangents gx)
    {
        Tensor x = call[0].AsContiguous(), g = gy.AsContiguous();
        Tensor? gamma = call.Count > 1 ? call[1].AsContiguous() : null;
        RowNormWork<T> work = Plan<T>(call, x, gamma, call.Saved!);
        work.G = g.Pointer<T>();
        if (RowNormalization.AreWhole(work.Columns, work.Groups))
            DifferentiateWhole(call, work, ref gx);
        else
            Differentiate(call, work, g, ref gx);

        Lifetime.KeepAlive(x, g, gamma);
        return true;
    }

    /// <summary>Rows of whole vectors: the sums for scale and shift are taken on the way.</summary>
    private void DifferentiateWhole<T>(in OpCall call, RowNormWork<T> work, ref Cotangents gx)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Tensor x = call[0];
        Tensor? before = null, derivative = null, sums = null;
        bool isSum = gx.Wants(0) && gx.TrySum(0, out derivative, out before);
        if (gx.Wants(0))
            derivative ??= Tensor.Allocate(x.Shape, x.DType, Name);
        bool wantsScale = call.Count > 1 && gx.Wants(1), wantsShift = call.Count > 2 && gx.Wants(2);
        int blocks = Math.Max(1, Chunks.Count(work.Rows, RowNormalization.RowBlock));
        if (wantsScale || wantsShift)
            sums = Tensor.Allocate([blocks, 2, (int)work.Columns], x.DType, Name);
        work.Y = derivative is null ? null : derivative.Pointer<T>();
        work.Before = before is null ? null : before.Pointer<T>();
        work.Sums = sums is null ? null : sums.Pointer<T>();
        if (work.Rows == 0 && sums is not null)
            new Span<T>(work.Sums, 2 * (int)work.Columns).Clear();
        RowNormalization.Backward(work);
        for (int index = 1; sums is not null && index <= 2; index++)
        {
            if (index == 1 ? !wantsScale : !wantsShift)
                continue;

            Tensor target = gx.Target(index, out bool accumulate);
            T* first = sums.Pointer<T>() + ((index - 1) * work.Columns);
            ColumnSums.AddBlocks(first, blocks, 2 * work.Columns, work.Columns, target.Pointer<T>(), accumulate);
        }

        if (derivative is not null && !isSum)
            gx.Add(0, derivative);

        Lifetime.KeepAlive(sums, before);
    }

    private void Differentiate<T>(in OpCall call, RowNormWork<T> work, Tensor g, ref Cotangents gx)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Tensor x = call[0];
        Tensor? derivative = gx.Wants(0) ? Tensor.Allocate(x.Shape, x.DType, Name) : null;
        Tensor? products = call.Count > 1 && gx.Wants(1) ? Tensor.Allocate(x.Shape, x.DType, Name) : null;
        work.Y = derivative is null ? null : derivative.Pointer<T>();
        work.Products = products is null ? null : products.Pointer<T>();
        RowNormalization.Backward(work);
        if (products is not null)
            AddScales<T>(call, 1, products, ref gx);

        if (call.Count > 2 && gx.Wants(2))
            AddScales<T>(call, 2, g, ref gx);

        if (derivative is not null)
            gx.Add(0, derivative);
    }

    protected override Tensor Compose(in OpCall call)
    {
        Tensor x = call[0];
        int columns = call.Arguments.First, rows = (int)(x.Length / columns);
        (bool centered, double epsilon) = (call.Arguments.OtherReal != 0, call.Arguments.Real);
        Tensor y = Standardization.Of(x.Reshape([1, rows, columns]), centered, epsilon).Reshape(x.Shape);
        if (call.Count == 1)
            return y;

        bool byChannel = call.Arguments.Second > 0;
        int places = (int)x.Shape.LengthOf(2, x.Rank);
        y = byChannel ? y.Reshape([x.Shape[0], x.Shape[1], places]) : y;
        y = y.Multiply(byChannel ? call[1].Reshape([x.Shape[1], 1]) : call[1]);
        y = call.Count > 2 ? y.Add(byChannel ? call[2].Reshape([x.Shape[1], 1]) : call[2]) : y;
        return y.Reshape(x.Shape);
    }

    private static RowNormWork<T> Plan<T>(in OpCall call, Tensor x, Tensor? gamma, Tensor moments)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int groups = call.Arguments.Second;
        nint rows = (nint)(x.Length / call.Arguments.First);
        return new()
        {
            X = x.Pointer<T>(),
            Gamma = gamma is null ? null : gamma.Pointer<T>(),
            Mean = moments.Pointer<T>(),
            Rest = moments.Pointer<T>() + rows,
            Inverse = moments.Pointer<T>() + (2 * rows),
            Rows = rows,
            Columns = call.Arguments.First,
            Groups = groups,
            GroupChannels = groups > 0 ? x.Shape[1] / groups : 0,
            Epsilon = call.Arguments.Real,
            Centered = call.Arguments.OtherReal != 0,
        };
    }

    /// <summary>Sums what belongs to one scale.</summary>
    private static void AddScales<T>(in OpCall call, int index, Tensor values, ref Cotangents gx)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Tensor target = gx.Target(index, out bool accumulate);
        Shape shape = values.Shape;
        int columns = call.Arguments.First;
        if (call.Arguments.Second == 0)
        {
            Reduce.SumColumns(values.Pointer<T>(), (nint)(values.Length / columns), columns, target.Pointer<T>(), accumulate);
        }
        else
        {
            nint places = (nint)shape.LengthOf(2, shape.Rank);
            Kernels.Convolution.ChannelSums(values.Pointer<T>(), shape[0], shape[1], places, target.Pointer<T>(), accumulate);
        }

        GC.KeepAlive(values);
    }
}
