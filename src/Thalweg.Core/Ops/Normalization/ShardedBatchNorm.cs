using System.Numerics;
using Thalweg.Kernels;

namespace Thalweg;

/// <content>Batch normalization of a batch that lies in shards.</content>
public sealed partial class Tensor
{
    /// <summary>gamma (x - mean) / sqrt(variance + epsilon) + beta per channel, mean and (biased) variance taken over the batches of all
    /// shards.</summary>
    /// <param name="affine">Scale and shift <c>[channels]</c>, or null for neither.</param>
    /// <param name="epsilon">Added to the variance; above 0.</param>
    /// <param name="shards">The shards.</param>
    /// <param name="moments">Mean and biased variance over all shards, Float64 <c>[2, channels]</c>, outside the graph.</param>
    /// <param name="count">Values of each channel over all shards.</param>
    /// <returns>The shape of this tensor, <c>[batch, channels, ...]</c>.</returns>
    internal Tensor BatchNorm(
        (Tensor Gamma, Tensor Beta)? affine, double epsilon, ShardGroup shards, out Tensor moments, out long count) =>
        ShardedBatchNormOp.Instance.Apply(new() { Real = epsilon, Settings = shards }, (this, affine), out moments, out count);
}

/// <summary>Batch normalization whose moments, and the means in its derivative, are those over all shards of a step.</summary>
/// <remarks>
/// The kernels measure each shard; its moments are merged in double precision: n mean first, then n (variance + (its mean - mean)^2), so
/// that means far from 0 keep their digits. Source: Chan, Golub, LeVeque, "Updating formulae", 1979, equation 2.1.
/// Saved, <c>[6, channels]</c>: mean, what its rounding took from it, 1 / deviation, variance, and the number of values in two parts, which
/// a float holds exactly.
/// </remarks>
internal sealed unsafe class ShardedBatchNormOp : CompositeOp
{
    public static readonly ShardedBatchNormOp Instance = new();

    private const int LowBits = 20;

    public override string Name => "batch norm";

    protected internal override void Describe(in OpArguments arguments, int inputs, OpDescription description) =>
        description.Of(OpKind.Normalization).Inputs("input", "scale", "shift").Attribute("epsilon", arguments.Real);

    /// <summary>Applies the operation and hands out the moments and the number of values.</summary>
    public Tensor Apply(
        in OpArguments arguments, (Tensor X, (Tensor Gamma, Tensor Beta)? Affine) inputs, out Tensor moments, out long count)
    {
        Tensor x = inputs.X;
        Tensor y = ApplySaving(arguments, x, inputs.Affine?.Gamma, inputs.Affine?.Beta, out Tensor? saved);
        moments = x.DType == DType.Float32
            ? BatchNormOp.Moments<float>(saved!, arguments.Real)
            : BatchNormOp.Moments<double>(saved!, arguments.Real);
        count = x.DType == DType.Float32 ? Count<float>(saved!) : Count<double>(saved!);
        return y;
    }

    protected override Tensor Forward<T>(ref OpCall call)
    {
        Tensor x = call[0].AsContiguous();
        Tensor? gamma = call.Count > 1 ? call[1].AsContiguous() : null, beta = call.Count > 1 ? call[2].AsContiguous() : null;
        int channels = x.Shape[1];
        Tensor y = Tensor.Allocate(x.Shape, x.DType, Name), saved = Tensor.Allocate([6, channels], x.DType, Name);
        BatchNormWork<T> work = BatchNormOp.Plan<T>(call, x, null, saved);
        work.Y = y.Pointer<T>();
        BatchNormalization.Forward(work);
        Merge<T>(call, saved, x.Length / channels);

        Tensor factors = Tensor.Allocate([2, channels], x.DType, Name);
        Span<T> scale = factors.AsSpan<T>()[..channels], shift = factors.AsSpan<T>()[channels..], from = saved.AsSpan<T>();
        for (int j = 0; j < channels; j++)
        {
            T inverse = from[(2 * channels) + j];
            scale[j] = gamma is null ? inverse : inverse * gamma.AsSpan<T>()[j];
            shift[j] = (beta is null ? T.Zero : beta.AsSpan<T>()[j]) - (from[channels + j] * scale[j]);
        }

        ChannelScaling<T>.Run(new()
        {
            X = work.X,
            Y = work.Y,
            Center = work.Mean,
            Scale = factors.Pointer<T>(),
            Shift = factors.Pointer<T>() + channels,
            Batch = work.Batch,
            Channels = channels,
            Places = work.Places,
        });
        call.Saved = saved;
        Lifetime.KeepAlive(x, gamma, beta, factors);
        return y;
    }

    /// <summary>gx = gamma / sigma (gy - mean(gy) - xhat mean(gy xhat)), both means over all shards; those of gamma and beta are of this
    /// shard alone.</summary>
    protected override bool TryFusedVjp<T>(in OpCall call, Tensor y, Tensor gy, ref Cotangents gx)
    {
        Tensor x = call[0].AsContiguous(), g = gy.AsContiguous(), saved = call.Saved!;
        Tensor? gamma = call.Count > 1 ? call[1].AsContiguous() : null;
        int channels = x.Shape[1];
        Tensor sums = Tensor.Allocate([2, channels], x.DType, Name);
        BatchNormWork<T> work = BatchNormOp.Plan<T>(call, x, gamma, saved);
        work.G = g.Pointer<T>();
        work.Result = y.Pointer<T>();
        work.SumG = sums.Pointer<T>();
        work.SumGHat = work.SumG + channels;
        work.IsPart = true;
        BatchNormalization.Backward(work);
        if (gamma is not null)
        {
            BatchNormOp.AddTo(1, work.SumGHat, channels, ref gx);
            BatchNormOp.AddTo(2, work.SumG, channels, ref gx);
        }

        if (gx.Wants(0))
        {
            ToMeans<T>(sums, (ShardGroup)call.Arguments.Settings!, Count<T>(saved));
            Tensor derivative = Tensor.Allocate(x.Shape, x.DType, Name);
            work.Y = derivative.Pointer<T>();
            work.HasMeans = true;
            BatchNormalization.Backward(work);
            gx.Add(0, derivative);
        }

        Lifetime.KeepAlive(x, g, gamma, sums);
        return true;
    }

    protected override Tensor Compose(in OpCall call)
    {
        Tensor x = call[0];
        ShardGroup shards = (ShardGroup)call.Arguments.Settings!;
        int places = (int)x.Shape.LengthOf(2, x.Rank), channels = x.Shape[1];
        Tensor rows = x.Reshape([x.Shape[0], channels, places]);
        double values = (double)x.Length / channels;
        shards.Sum(new Span<double>(ref values));

        // The first of two steps is one of a constant, so that numbers far from 0 keep their digits.
        Tensor near = rows.Subtract(Mean(rows.Detach())), deviations = near.Subtract(Mean(near));
        Tensor y = deviations.Divide(Mean(deviations.Square()).Add(call.Arguments.Real).Sqrt());
        y = call.Count > 1 ? y.Multiply(call[1].Reshape([channels, 1])).Add(call[2].Reshape([channels, 1])) : y;
        return y.Reshape(x.Shape);

        Tensor Mean(Tensor numbers) => shards.Sum(numbers.Sum(0, 2)).Multiply(1 / values).Reshape([channels, 1]);
    }

    /// <summary>Puts the moments over all shards in place of those of this shard.</summary>
    private static void Merge<T>(in OpCall call, Tensor saved, long count)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        (int channels, double epsilon) = (saved.Shape[1], call.Arguments.Real);
        ShardGroup shards = (ShardGroup)call.Arguments.Settings!;
        Tensor own = BatchNormOp.Moments<T>(saved, epsilon), sums = Tensor.Allocate([channels + 1], DType.Float64, "batch norm");
        ReadOnlySpan<double> mean = own.AsSpan<double>()[..channels], variance = own.AsSpan<double>()[channels..];
        Span<double> total = sums.AsSpan<double>();
        for (int j = 0; j < channels; j++)
            total[j] = count * mean[j];

        total[channels] = count;
        shards.Sum(total);
        double all = total[channels];
        Span<T> to = saved.AsSpan<T>();
        to.Slice(4 * channels, channels).Fill(T.CreateTruncating((long)all & ((1 << LowBits) - 1)));
        to.Slice(5 * channels, channels).Fill(T.CreateTruncating((long)all >> LowBits));
        for (int j = 0; j < channels; j++)
        {
            double center = total[j] / all, offset = mean[j] - center;
            to[j] = T.CreateTruncating(center);
            to[channels + j] = T.CreateTruncating(center - double.CreateTruncating(to[j]));
            total[j] = count * (variance[j] + (offset * offset));
        }

        shards.Sum(total[..channels]);
        for (int j = 0; j < channels; j++)
        {
            double spread = total[j] / all;
            to[(2 * channels) + j] = T.CreateTruncating(1 / Math.Sqrt(spread + epsilon));
            to[(3 * channels) + j] = T.CreateTruncating(spread);
        }
    }

    /// <summary>Puts the means over all shards in place of the sums of this shard.</summary>
    private static void ToMeans<T>(Tensor sums, ShardGroup shards, long count)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Tensor wide = Tensor.Allocate(sums.Shape, DType.Float64, "batch norm");
        Span<T> own = sums.AsSpan<T>();
        Span<double> all = wide.AsSpan<double>();
        for (int i = 0; i < own.Length; i++)
            all[i] = double.CreateTruncating(own[i]);

        shards.Sum(all);
        for (int i = 0; i < own.Length; i++)
            own[i] = T.CreateTruncating(all[i] / count);
    }

    private static long Count<T>(Tensor saved)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ReadOnlySpan<T> from = saved.AsSpan<T>();
        int channels = saved.Shape[1];
        return long.CreateTruncating(from[4 * channels]) + (long.CreateTruncating(from[5 * channels]) << LowBits);
    }
}
