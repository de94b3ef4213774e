using System.Numerics;
using Thalweg.Data;
using Thalweg.Training;

namespace Thalweg.Regularizers;

/// <summary>A regularizer that mixes each sample with another of the batch, inputs and targets alike.</summary>
/// <remarks>
/// The partners are a permutation of the micro-batch of the batch, and one share holds for all of it, as in the papers' programs. Labels
/// become probabilities; numbers to learn are mixed like inputs. A sample that weighs more, or whose label the loss ignores, counts in the
/// mixture by its weight: the loss is s times that of the own targets plus 1 - s times that of the partners'. Scores on training data are
/// taken against each sample's own target, so they look worse than without mixing.
/// </remarks>
public abstract record MixingRegularizer : Regularizer
{
    /// <summary>Sets the shape of the distribution of shares.</summary>
    private protected MixingRegularizer(double alpha) => Alpha = alpha;

    /// <summary>Both shapes alpha of the Beta distribution of the shares, dimensionless, above 0: small ones mix little.</summary>
    public double Alpha { get; init => field = AboveZero(value); }

    /// <summary>Mixes the inputs with those of the partners.</summary>
    /// <param name="features">The inputs, changed in place.</param>
    /// <param name="others">A copy of them.</param>
    /// <param name="partners">Partner of each sample.</param>
    /// <param name="share">Share of the own sample.</param>
    /// <param name="stream">Random numbers.</param>
    /// <returns>The share of the own sample in what came out.</returns>
    private protected abstract double Mix<T>(
        Tensor features, ReadOnlySpan<T> others, ReadOnlySpan<int> partners, double share, ref RandomStream stream)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <inheritdoc/>
    protected internal override void RefuseUnfit(Dataset data)
    {
        if (!data.Task.CanMixTargets || data.Inputs.Count > 1 || data.Inputs[0].IsInteger || data.HasLengths)
        {
            throw new ThalwegException(
                $"[{Settings.NameOf(GetType())}] expected samples with one input of numbers and targets that can be mixed, got "
                + $"{data.Inputs.Count} input{(data.Inputs.Count == 1 ? "" : "s")}{(data.HasLengths ? " of sequences" : "")} and the task "
                + $"{data.Task}; leave it out");
        }
    }

    /// <inheritdoc/>
    protected internal sealed override void Prepare(ref SampleBatch batch, ref RandomStream stream)
    {
        if (batch.Features.DType == DType.Float32)
            Mix<float>(ref batch, ref stream);
        else
            Mix<double>(ref batch, ref stream);
    }

    private void Mix<T>(ref SampleBatch batch, ref RandomStream stream)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double share = RandomDraws.Beta(Alpha, ref stream);
        Tensor order = Tensor.Zeros([batch.Count], DType.Int32);
        Span<int> partners = order.AsSpan<int>();
        for (int i = 0; i < partners.Length; i++)
            partners[i] = i;

        stream.Shuffle(partners);
        share = Mix<T>(batch.Features, Copy(batch.Features).AsSpan<T>(), partners, share, ref stream);
        Tensor? weights = batch.Loss.CountedWeights(batch.Targets, batch.Weights, batch.Features.DType);
        Tensor own = batch.HasClasses && batch.Targets.DType == DType.Int32 ? OneHot<T>(batch) : Copy(batch.Targets);
        if (weights is null)
            Blend(own.AsSpan<T>(), Copy(own).AsSpan<T>(), partners, share);
        else
            batch.Weights = BlendWeighted(own.AsSpan<T>(), Copy(own).AsSpan<T>(), partners, weights, share);

        batch.Targets = own;
    }

    /// <summary>own = (share w own + (1 - share) v partner) / (share w + (1 - share) v), row by row, w and v being the weights; gives the
    /// divisors, the weights of the mixtures.</summary>
    private static Tensor BlendWeighted<T>(
        Span<T> own, ReadOnlySpan<T> others, ReadOnlySpan<int> partners, Tensor weights, double share)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Tensor mixed = Tensor.Allocate(weights.Shape, weights.DType, "mixed");
        int width = own.Length / partners.Length;
        for (int i = 0; i < partners.Length; i++)
        {
            double first = share * weights.Read(i), second = (1 - share) * weights.Read(partners[i]), sum = first + second;
            mixed.Write(i, sum);
            if (sum > 0)
                Blend(own.Slice(i * width, width), others.Slice(partners[i] * width, width), first / sum, second / sum);
        }

        return mixed;
    }

    /// <summary>own = share own + (1 - share) partner, row by row.</summary>
    private protected static void Blend<T>(Span<T> own, ReadOnlySpan<T> others, ReadOnlySpan<int> partners, double share)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int width = own.Length / partners.Length;
        for (int i = 0; i < partners.Length; i++)
            Blend(own.Slice(i * width, width), others.Slice(partners[i] * width, width), share, 1 - share);
    }

    private static void Blend<T>(Span<T> row, ReadOnlySpan<T> other, double share, double otherShare)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T first = T.CreateTruncating(share), second = T.CreateTruncating(otherShare);
        for (int k = 0; k < row.Length; k++)
            row[k] = (first * row[k]) + (second * other[k]);
    }

    private static Tensor OneHot<T>(SampleBatch batch)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Tensor rows = Tensor.Zeros([batch.Count, batch.Outputs], batch.Features.DType);
        Span<T> probabilities = rows.AsSpan<T>();
        ReadOnlySpan<int> labels = batch.Labels.AsSpan<int>();
        for (int i = 0; i < labels.Length; i++)
            probabilities[(i * batch.Outputs) + labels[i]] = T.One;

        return rows;
    }

    private static Tensor Copy(Tensor source)
    {
        Tensor copy = Tensor.Allocate(source.Shape, source.DType, "mixed");
        copy.Assign(source);
        return copy;
    }
}
