using System.Numerics;
using Thalweg.Kernels;
using Thalweg.LinearAlgebra;
using Thalweg.Optimizers;

namespace Thalweg.Rules;

/// <summary>Multiplies the gradient of each dense or convolutional layer by the inverse of its Kronecker-factored Fisher matrix.</summary>
/// <remarks>
/// Formula: A = mean of a a', G = mean of g g' (moving averages), u = (G + s/p I)^-1 dW (A + p s I)^-1 with s = sqrt(damping) and
/// p = sqrt((tr A / n_A) / (tr G / n_G)); a the inputs with a 1 for the bias, g the derivatives by the outputs for targets drawn from the
/// network's own
/// prediction. Sources: Martens and Grosse, "Optimizing neural networks with Kronecker-factored approximate curvature", 2015, sections 5
/// and 6.3;
/// convolutions: Grosse and Martens, "A Kronecker-factored approximate Fisher matrix for convolution layers", 2016, eq. (23) and (24).
/// The trainer hands the factors in; one more forward and backward pass every few steps. Other parameters, and layers with a side above
/// the limit,
/// keep their gradient. State: for each layer two matrices in double and their inverses.
/// </remarks>
public sealed record ScaleByKfac : ReduceRule
{
    private const int Inputs = 0, Outputs = 1, InputInverse = 2, OutputInverse = 3, Count = 4;

    /// <summary>Damping lambda, Tikhonov's, split between the factors, above 0, default 0.03.</summary>
    public Hyperparameter Damping { get; init => field = Positive(value); } = 0.03;

    /// <summary>Share of the old factors that is kept, dimensionless, in [0, 1), default 0.95; at first less, min(1 - 1/k, decay)
    /// at the k-th.</summary>
    public double Decay { get; init => field = AtLeastZero(value); } = 0.95;

    /// <summary>Updates from one look at the factors to the next, at least 1, default 5.</summary>
    public int FactorsEvery { get; init => field = AtLeast(1, value); } = 5;

    /// <summary>Updates from one computation of the inverses to the next, at least 1, default 20.</summary>
    public int InversesEvery { get; init => field = AtLeast(1, value); } = 20;

    /// <summary>Largest u'g, which is the curvature u'Fu of the update; longer updates are shortened; above 0, default 1.</summary>
    public Hyperparameter Bound { get; init => field = Positive(value); } = 1;

    /// <summary>Longest side of a factor, at least 1, default 2048.</summary>
    public int Limit { get; init => field = AtLeast(1, value); } = 2048;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Slots => ["inputs", "outputs", "inputs_inverse", "outputs_inverse", "count"];

    /// <inheritdoc/>
    public override string Formula => "A = E[a a'], G = E[g g'] (moving averages), p = sqrt((tr A / n_A) / (tr G / n_G)), " +
        "u = (G + sqrt(lambda)/p I)^-1 dW (A + p sqrt(lambda) I)^-1, u = u min(1, sqrt(bound / u'g))";

    /// <summary>Its g and G are derivatives by outputs and their factor, behind other rules too.</summary>
    internal override string FormulaBehind => Formula;

    /// <inheritdoc/>
    public override string Source =>
        "Martens, Grosse: Kronecker-factored approximate curvature, 2015, section 6.3; Grosse, Martens, 2016, eq. (23) and (24)";

    /// <inheritdoc/>
    public override string Use => "K-FAC's direction: the natural gradient of each layer";

    /// <inheritdoc/>
    protected override string? Conflict => Decay >= 1 ? "expected decay below 1; use the default 0.95" : null;

    internal override string? MatrixWork =>
        $"two matrix products per layer; a forward and a backward pass and two outer products every {FactorsEvery} steps; two inverses " +
        $"per layer, the cube of each side, every {InversesEvery} steps";

    internal override bool NeedsScratch => true;

    internal override bool IsBySegment => true;

    /// <inheritdoc/>
    public override RuleNeeds Needs => new() { FactorsEvery = FactorsEvery };

    internal override SlotPlan PlanOf(string slot, ParameterSegments segments)
    {
        KfacLayer[] layers = KfacLayer.Of(segments, Limit);
        return slot switch
        {
            "count" => new(layers.Length, 0, IsExact: true),
            "inputs" or "inputs_inverse" => new(layers.Sum(layer => layer.Rows * layer.Rows), 0, slot == "inputs"),
            _ => new(layers.Sum(layer => layer.Outputs * layer.Outputs), 0, slot == "outputs"),
        };
    }

    /// <inheritdoc/>
    protected internal override void Observe(RuleSignal signal, RuleState state)
    {
        if (signal is not LayerFactorsSignal { Factors: { } factors })
            return;
        KfacLayer[] layers = KfacLayer.Of(state.Segments, Limit);
        for (int i = 0; i < layers.Length; i++)
        {
            KfacLayer layer = layers[i];
            if (Find(factors, layer.Weight) is not { } observed)
                continue;
            double seen = ++state[Count].AsSpan<double>()[i], keep = Math.Min(1 - (1 / seen), Decay);
            Blend(state[Inputs].AsSpan<double>().Slice(layer.InputStart, layer.Rows * layer.Rows), observed.Inputs, keep);
            Blend(state[Outputs].AsSpan<double>().Slice(layer.OutputStart, layer.Outputs * layer.Outputs), observed.Cotangents, keep);
        }
    }

    private static LayerFactors? Find(IReadOnlyList<LayerFactors> factors, int weight)
    {
        for (int i = 0; i < factors.Count; i++)
        {
            if (factors[i].Segment == weight)
                return factors[i];
        }

        return null;
    }

    internal override unsafe void Inspect<T>(Fusion<T> fusion)
    {
        ReadOnlySpan<ParameterSegment> segments = fusion.Segments.Segments;
        foreach (ParameterSegment segment in segments)
        {
            new ReadOnlySpan<T>(fusion.Input + segment.Offset, segment.Length)
                .CopyTo(new(fusion.UpdateBuffer + segment.Offset, segment.Length));
        }

        KfacLayer[] layers = KfacLayer.Of(fusion.Segments, Limit);
        double curvature = 0;
        for (int i = 0; i < layers.Length; i++)
        {
            if (fusion.ExactSlot(Count)[i] == 0)
                continue;
            if (fusion.Step % InversesEvery == 0)
                Invert(fusion, layers[i]);
            curvature += Precondition(fusion, layers[i], segments);
        }

        double bound = fusion.At(Bound);
        fusion.Factor = curvature > bound ? Math.Sqrt(bound / curvature) : 1;
        fusion.Input = fusion.UpdateBuffer;
    }

    private static void Blend(Span<double> average, double[] observed, double keep)
    {
        for (int i = 0; i < average.Length; i++)
            average[i] = (keep * average[i]) + ((1 - keep) * observed[i]);
    }

    /// <summary>Computes the damped inverses of a layer's factors.</summary>
    private unsafe void Invert<T>(Fusion<T> fusion, KfacLayer layer)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ReadOnlySpan<double> inputs = new(fusion.ExactSlot(Inputs) + layer.InputStart, layer.Rows * layer.Rows);
        ReadOnlySpan<double> outputs = new(fusion.ExactSlot(Outputs) + layer.OutputStart, layer.Outputs * layer.Outputs);
        double share = Math.Sqrt(Trace(inputs, layer.Rows) / layer.Rows / (Trace(outputs, layer.Outputs) / layer.Outputs)),
            damping = Math.Sqrt(fusion.At(Damping));

        // A layer that is dead, or whose derivatives vanish, has no ratio.
        share = share > 0 && double.IsFinite(share) ? share : 1;
        Write(fusion, inputs, layer.Rows, share * damping, fusion.Slot(InputInverse) + layer.InputStart);
        Write(fusion, outputs, layer.Outputs, damping / share, fusion.Slot(OutputInverse) + layer.OutputStart);
    }

    private static double Trace(ReadOnlySpan<double> factor, int n)
    {
        double trace = 0;
        for (int i = 0; i < n; i++)
            trace += factor[(i * n) + i];
        return trace;
    }

    private static unsafe void Write<T>(Fusion<T> fusion, ReadOnlySpan<double> factor, int n, double shift, T* inverse)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int size = n * n;
        Span<double> work = fusion.Scratch<double>((2 * size) + PositiveInverse.WorkLength(n)), damped = work[..size],
            result = work.Slice(size, size);
        factor.CopyTo(damped);
        for (int i = 0; i < n; i++)
            damped[(i * n) + i] += shift;
        if (!PositiveInverse.TryInvert(damped, n, result, work[(2 * size)..]))
        {
            throw new ThalwegException(
                $"[scale_by_kfac] expected finite factors, got a damped {n} x {n} one that is not positive definite; raise damping or " +
                "lower the learning rate");
        }

        for (int i = 0; i < size; i++)
            inverse[i] = T.CreateTruncating(result[i]);
    }

    /// <summary>Replaces a layer's gradient by A^-1 dW G^-1, dW as [inputs, outputs] with the bias as its last row; the
    /// product of both.</summary>
    private static unsafe double Precondition<T>(Fusion<T> fusion, KfacLayer layer, ReadOnlySpan<ParameterSegment> segments)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        (int rows, int columns, int size) = (layer.Rows, layer.Outputs, layer.Rows * layer.Outputs);
        fixed (T* work = fusion.Scratch<T>(3 * size))
        {
            T* gradient = work, half = work + size, update = work + (2 * size);
            Copy(layer, segments, fusion.UpdateBuffer, gradient, isOut: false);
            T* left = fusion.Slot(InputInverse) + layer.InputStart, right = fusion.Slot(OutputInverse) + layer.OutputStart;
            MatMul.Multiply(
                new Matrix<T>(left, rows, rows, rows, 1), new Matrix<T>(gradient, rows, columns, columns, 1), half, columns, default);
            MatMul.Multiply(new Matrix<T>(half, rows, columns, columns, 1), new Matrix<T>(right, columns, columns, columns, 1), update,
                columns, default);
            double product = 0;
            for (int i = 0; i < size; i++)
                product += double.CreateTruncating(gradient[i]) * double.CreateTruncating(update[i]);
            Copy(layer, segments, fusion.UpdateBuffer, update, isOut: true);
            return product;
        }
    }

    /// <summary>Copies between the flat vector and a matrix of the layer, [rows, outputs].</summary>
    private static unsafe void Copy<T>(KfacLayer layer, ReadOnlySpan<ParameterSegment> segments, T* vector, T* matrix, bool isOut)
        where T : unmanaged
    {
        T* weight = vector + segments[layer.Weight].Offset;
        for (int i = 0; i < layer.Rows; i++)
        {
            for (int o = 0; o < layer.Outputs; o++)
            {
                T* flat = i == layer.Inputs ? vector + segments[layer.Bias].Offset + o
                    : weight + (layer.IsWindow ? (o * layer.Inputs) + i : (i * layer.Outputs) + o);
                T* own = matrix + (i * layer.Outputs) + o;
                if (isOut)
                    *flat = *own;
                else
                    *own = *flat;
            }
        }
    }
}
