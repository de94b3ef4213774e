using System.Numerics;
using Thalweg.Kernels;

namespace Thalweg;

/// <content>Batch normalization.</content>
public sealed partial class Tensor
{
    /// <summary>gamma (x - mean) / sqrt(variance + epsilon) + beta per column, mean and (biased) variance taken over the batch. Source: Ioffe, Szegedy,
    /// ICML 2015, algorithm 1.</summary>
    /// <param name="gamma">Scale <c>[features]</c>.</param>
    /// <param name="beta">Shift <c>[features]</c>.</param>
    /// <param name="epsilon">Added to the variance; above 0, usually 1e-5.</param>
    /// <param name="moments">Mean and biased variance of the batch, <c>[2, features]</c>, outside the graph.</param>
    /// <returns>The shape of this tensor, <c>[batch, features]</c>.</returns>
    /// <exception cref="ThalwegException">The shapes do not fit.</exception>
    public Tensor BatchNorm(Tensor gamma, Tensor beta, double epsilon, out Tensor moments)
    {
        if (Rank != 2 || gamma.Rank != 1 || gamma.Shape != beta.Shape || gamma.Shape[0] != Shape[1] || Shape[0] == 0)
        {
            throw new ThalwegException($"[batch norm] expected inputs [batch, features] with a scale and shift of [features], got {Shape}, {gamma.Shape} and {beta.Shape}");
        }

        return BatchNormOp.Instance.Apply(new OpArguments { Real = epsilon }, this, gamma, beta, out moments);
    }
}

/// <summary>Batch normalization of columns.</summary>
internal sealed unsafe class BatchNormOp : CompositeOp
{
    public static readonly BatchNormOp Instance = new();

    public override string Name => "batch norm";

    /// <summary>Applies the operation and hands out the batch moments.</summary>
    public Tensor Apply(in OpArguments arguments, Tensor x, Tensor gamma, Tensor beta, out Tensor moments)
    {
        Tensor y = ApplySaving(arguments, x, gamma, beta, out Tensor? saved);
        moments = saved!;
        return y;
    }

    protected override Tensor Forward<T>(ref OpCall call)
    {
        Tensor x = call[0].Packed(), gamma = call[1].Packed(), beta = call[2].Packed();
        int batch = x.Shape[0], features = x.Shape[1];
        Tensor y = Tensor.Allocate(x.Shape, x.DType, Name), moments = Tensor.Allocate([2, features], x.DType, Name);
        Tensor scale = Tensor.Allocate([features], x.DType, Name);
        T* mean = moments.Pointer<T>(), variance = mean + features, s = scale.Pointer<T>(), target = y.Pointer<T>();
        T share = T.One / T.CreateTruncating(batch);

        // Two passes: the one-pass form loses all digits where the mean is large against the deviation.
        Reduce.SumColumns(x.Pointer<T>(), batch, features, mean, accumulate: false);
        Zip.RunRows(new Multiply<T>(), mean, &share, mean, 1, features, Broadcast.Scalar);
        Zip.RunRows(new Subtract<T>(), x.Pointer<T>(), mean, target, batch, features, Broadcast.RowVector);
        Tensor squares = Tensor.Allocate(x.Shape, x.DType, Name);
        Map.Run(new Square<T>(), target, squares.Pointer<T>(), (nint)x.Length);
        Reduce.SumColumns(squares.Pointer<T>(), batch, features, variance, accumulate: false);
        T epsilon = T.CreateTruncating(call.Arguments.Real);
        for (int j = 0; j < features; j++)
        {
            variance[j] *= share;
            s[j] = gamma.Pointer<T>()[j] / T.Sqrt(variance[j] + epsilon);
        }

        Zip.RunRows(new Multiply<T>(), target, s, target, batch, features, Broadcast.RowVector);
        Zip.RunRows(new Add<T>(), target, beta.Pointer<T>(), target, batch, features, Broadcast.RowVector);
        call.Saved = moments;
        Alive.Until(x, gamma, beta, scale, squares);
        return y;
    }

    /// <summary>gx = gamma / sigma (gy - mean(gy) - xhat mean(gy xhat)): Ioffe, Szegedy, section 3, with the sums of the chain rule collected.</summary>
    protected override bool TryFusedVjp<T>(in OpCall call, Tensor y, Tensor gy, ref Cotangents gx)
    {
        Tensor x = call[0].Packed(), g = gy.Packed(), gamma = call[1].Packed();
        int batch = x.Shape[0], features = x.Shape[1];
        T* mean = call.Saved!.Pointer<T>(), variance = mean + features;
        Tensor normalized = Tensor.Allocate(x.Shape, x.DType, Name), product = Tensor.Allocate(x.Shape, x.DType, Name);
        Tensor sums = Tensor.Allocate([4, features], x.DType, Name);
        T* hat = normalized.Pointer<T>(), p = product.Pointer<T>(), gp = g.Pointer<T>();
        T* inverse = sums.Pointer<T>(), scale = inverse + features, sumG = scale + features, sumGHat = sumG + features;
        T epsilon = T.CreateTruncating(call.Arguments.Real), share = T.One / T.CreateTruncating(batch);
        for (int j = 0; j < features; j++)
        {
            inverse[j] = T.One / T.Sqrt(variance[j] + epsilon);
            scale[j] = inverse[j] * gamma.Pointer<T>()[j];
        }

        Zip.RunRows(new Subtract<T>(), x.Pointer<T>(), mean, hat, batch, features, Broadcast.RowVector);
        Zip.RunRows(new Multiply<T>(), hat, inverse, hat, batch, features, Broadcast.RowVector);
        Zip.Run(new Multiply<T>(), gp, hat, p, (nint)x.Length);
        Reduce.SumColumns(gp, batch, features, sumG, accumulate: false);
        Reduce.SumColumns(p, batch, features, sumGHat, accumulate: false);
        AddTo(1, sumGHat, features, ref gx);
        AddTo(2, sumG, features, ref gx);
        if (gx.Wants(0))
        {
            Zip.RunRows(new Multiply<T>(), sumG, &share, sumG, 2, features, Broadcast.Scalar); // sumG and sumGHat lie side by side
            Zip.RunRows(new Multiply<T>(), hat, sumGHat, hat, batch, features, Broadcast.RowVector);
            Zip.Run(new Subtract<T>(), gp, hat, p, (nint)x.Length);
            Zip.RunRows(new Subtract<T>(), p, sumG, p, batch, features, Broadcast.RowVector);
            Zip.RunRows(new Multiply<T>(), p, scale, p, batch, features, Broadcast.RowVector);
            gx.Add(0, product);
        }

        Alive.Until(x, g, gamma, normalized, sums);
        return true;
    }

    protected override Tensor Compose(in OpCall call)
    {
        Tensor x = call[0], centered = x.Subtract(x.Mean(0));
        Tensor deviation = centered.Square().Mean(0).Add(call.Arguments.Real).Sqrt();
        return centered.Divide(deviation).Multiply(call[1]).Add(call[2]);
    }

    private static void AddTo<T>(int index, T* sum, int features, ref Cotangents gx)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (gx.Wants(index))
        {
            Tensor target = gx.Target(index, out bool accumulate);
            T* t = target.Pointer<T>();
            for (int j = 0; j < features; j++)
            {
                t[j] = accumulate ? t[j] + sum[j] : sum[j];
            }
        }
    }
}
