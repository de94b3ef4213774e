using System.Numerics;
using Thalweg.Kernels;

namespace Thalweg;

/// <content>Batch normalization.</content>
public sealed partial class Tensor
{
    /// <summary>gamma (x - mean) / sqrt(variance + epsilon) + beta per channel, mean and (biased) variance taken over the batch and all
    /// places. Source: Ioffe, Szegedy, "Batch normalization", ICML 2015, algorithm 1.</summary>
    /// <param name="gamma">Scale <c>[channels]</c>, or null for none.</param>
    /// <param name="beta">Shift <c>[channels]</c>; null where gamma is.</param>
    /// <param name="epsilon">Added to the variance; above 0, usually 1e-5.</param>
    /// <param name="moments">Mean and biased variance of the batch, Float64 <c>[2, channels]</c>, outside the graph.</param>
    /// <param name="activation">Applied to each result; the rectifier as it is written, so that it costs no memory and no visit; default
    /// none.</param>
    /// <returns>The shape of this tensor, <c>[batch, channels, ...]</c>.</returns>
    /// <exception cref="ThalwegException">The shapes do not fit.</exception>
    public Tensor BatchNorm(Tensor? gamma, Tensor? beta, double epsilon, out Tensor moments, Activation activation = Activation.None)
    {
        bool fits = Rank >= 2 && Length > 0 && (gamma is null) == (beta is null)
            && (gamma is null || (gamma.Rank == 1 && gamma.Shape == beta!.Shape && gamma.Shape[0] == Shape[1]));
        if (!fits)
        {
            throw new ThalwegException(
                "[batch norm] expected inputs [batch, channels, ...] that are not empty with a scale and a shift of [channels], or "
                + $"neither, got {Shape} with {RowNormOp.Words(gamma, beta)}");
        }

        bool fused = activation == Activation.Relu;
        OpArguments arguments = new() { Real = epsilon, First = fused ? (int)activation : 0 };
        Tensor y = BatchNormOp.Instance.Apply(arguments, this, gamma, beta, out moments);
        return fused ? y : y.Activate(activation);
    }
}

/// <summary>Batch normalization of channels, with a rectifier where asked for.</summary>
internal sealed unsafe class BatchNormOp : CompositeOp
{
    public static readonly BatchNormOp Instance = new();

    public override string Name => "batch norm";

    protected internal override void Describe(in OpArguments arguments, int inputs, OpDescription description) =>
        description.Of(OpKind.Normalization).Inputs("input", "scale", "shift").Attribute("epsilon", arguments.Real)
            .Attribute("activation", (Activation)arguments.First).Value(new InnerValue("statistics", IsStored: true), read: null);

    /// <summary>Applies the operation and hands out the batch moments.</summary>
    public Tensor Apply(in OpArguments arguments, Tensor x, Tensor? gamma, Tensor? beta, out Tensor moments)
    {
        Tensor y = ApplySaving(arguments, x, gamma, beta, out Tensor? saved);
        moments = x.DType == DType.Float32 ? Moments<float>(saved!, arguments.Real) : Moments<double>(saved!, arguments.Real);
        return y;
    }

    protected override Tensor Forward<T>(ref OpCall call)
    {
        Tensor x = call[0].AsContiguous();
        Tensor? gamma = call.Count > 1 ? call[1].AsContiguous() : null, beta = call.Count > 1 ? call[2].AsContiguous() : null;
        Tensor y = Tensor.Allocate(x.Shape, x.DType, Name), moments = Tensor.Allocate([4, x.Shape[1]], x.DType, Name);
        BatchNormWork<T> work = Plan<T>(call, x, gamma, moments);
        work.Y = y.Pointer<T>();
        work.Beta = beta is null ? null : beta.Pointer<T>();
        BatchNormalization.Forward(work);
        call.Saved = moments;
        Lifetime.KeepAlive(x, gamma, beta);
        return y;
    }

    /// <summary>gx = gamma / sigma (gy - mean(gy) - xhat mean(gy xhat)): Ioffe, Szegedy, section 3, with the sums of the chain rule
    /// collected.</summary>
    protected override bool TryFusedVjp<T>(in OpCall call, Tensor y, Tensor gy, ref Cotangents gx)
    {
        Tensor x = call[0].AsContiguous(), g = gy.AsContiguous();
        Tensor? gamma = call.Count > 1 ? call[1].AsContiguous() : null;
        int channels = x.Shape[1];
        Tensor sums = Tensor.Allocate([2, channels], x.DType, Name);
        Tensor? derivative = gx.Wants(0) ? Tensor.Allocate(x.Shape, x.DType, Name) : null;
        BatchNormWork<T> work = Plan<T>(call, x, gamma, call.Saved!);
        work.G = g.Pointer<T>();
        work.Result = y.Pointer<T>();
        work.Y = derivative is null ? null : derivative.Pointer<T>();
        work.SumG = sums.Pointer<T>();
        work.SumGHat = work.SumG + channels;
        BatchNormalization.Backward(work);
        if (gamma is not null)
        {
            AddTo(1, work.SumGHat, channels, ref gx);
            AddTo(2, work.SumG, channels, ref gx);
        }

        if (derivative is not null)
        {
            gx.Add(0, derivative);
        }

        Lifetime.KeepAlive(x, g, gamma, sums);
        return true;
    }

    protected override Tensor Compose(in OpCall call)
    {
        Tensor x = call[0];
        int places = (int)x.Shape.LengthOf(2, x.Rank), channels = x.Shape[1];
        Tensor rows = x.Reshape([x.Shape[0], channels, places]);
        Tensor y = Standardization.Of(rows, centered: true, call.Arguments.Real);
        y = call.Count > 1 ? y.Multiply(call[1].Reshape([channels, 1])).Add(call[2].Reshape([channels, 1])) : y;
        return y.Reshape(x.Shape).Activate((Activation)call.Arguments.First);
    }

    /// <summary>Mean and variance out of what the kernels saved.</summary>
    internal static Tensor Moments<T>(Tensor saved, double epsilon)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int channels = saved.Shape[1];
        Tensor moments = Tensor.Allocate([2, channels], DType.Float64, Instance.Name);
        ReadOnlySpan<T> from = saved.AsSpan<T>();
        Span<double> to = moments.AsSpan<double>();
        for (int j = 0; j < channels; j++)
        {
            double inverse = double.CreateTruncating(from[(2 * channels) + j]);
            double variance = double.CreateTruncating(from[(3 * channels) + j]);
            to[j] = double.CreateTruncating(from[j]) + double.CreateTruncating(from[channels + j]);
            // A variance that is infinite in float, of a deviation that is not.
            to[channels + j] = double.IsInfinity(variance) ? (1 / inverse / inverse) - epsilon : variance;
        }

        return moments;
    }

    internal static BatchNormWork<T> Plan<T>(in OpCall call, Tensor x, Tensor? gamma, Tensor moments)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => new()
        {
            X = x.Pointer<T>(),
            Relu = (Activation)call.Arguments.First == Activation.Relu,
            Gamma = gamma is null ? null : gamma.Pointer<T>(),
            Mean = moments.Pointer<T>(),
            Rest = moments.Pointer<T>() + x.Shape[1],
            Inverse = moments.Pointer<T>() + (2 * x.Shape[1]),
            Variance = moments.Pointer<T>() + (3 * x.Shape[1]),
            Batch = x.Shape[0],
            Channels = x.Shape[1],
            Places = (nint)x.Shape.LengthOf(2, x.Rank),
            Epsilon = call.Arguments.Real,
        };

    internal static void AddTo<T>(int index, T* sum, int channels, ref Cotangents gx)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (gx.Wants(index))
        {
            Tensor target = gx.Target(index, out bool accumulate);
            T* t = target.Pointer<T>();
            for (int j = 0; j < channels; j++)
            {
                t[j] = accumulate ? t[j] + sum[j] : sum[j];
            }
        }
    }
}
