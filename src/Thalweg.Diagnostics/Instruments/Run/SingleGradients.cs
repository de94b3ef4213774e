using System.Runtime.CompilerServices;
using Thalweg.Layers;
using Thalweg.Training;

namespace Thalweg.Diagnostics;

/// <summary>The gradients of the single samples of a pass, from what the layers received and the gradients of what they gave: without
/// another pass.</summary>
/// <remarks>
/// The gradient of a sample is the part of the gradient of the mean loss that lies in the rows of the sample, times the number of samples,
/// so that the mean of the single gradients is the gradient. Where batch normalization lets samples act on each other, that part holds
/// what the sample does to the others' losses too, and not what its own loss alone would give. Parameters whose use cannot be taken
/// apart are left out, and named.
/// </remarks>
public sealed class SingleGradients
{
    private const int WorkingElements = 1 << 22;

    private double[]? _squares, _products;

    internal SingleGradients(NetworkPass pass, Trainer trainer)
    {
        Samples = pass.Samples;
        double weight = trainer.Options.BatchGradient == BatchGradient.Sum
            ? pass.Objective.Share * trainer.Objective.TotalWeight
            : pass.Objective.Share;
        Parameters = Find(pass, trainer, weight);
        LeftOut = [.. Parameters.Where(parameter => parameter.Factor is null).Select(parameter => parameter.Name)];
        double all = Parameters.Sum(parameter => (double)parameter.Gradient.Length);
        Coverage = Parameters.Where(parameter => parameter.Factor is not null).Sum(parameter => (double)parameter.Gradient.Length) / all;
        Note = LeftOut.Count == 0 ? null : $"without {string.Join(", ", LeftOut)}, whose use cannot be taken apart by sample";
    }

    /// <summary>Number of samples.</summary>
    public int Samples { get; }

    /// <summary>The parameters.</summary>
    public IReadOnlyList<SingleGradient> Parameters { get; }

    /// <summary>Names of parameters that are left out.</summary>
    public IReadOnlyList<string> LeftOut { get; }

    /// <summary>Share of the elements of all parameters that is not left out, dimensionless.</summary>
    public double Coverage { get; }

    /// <summary>One line on what is left out; null where nothing is.</summary>
    public string? Note { get; }

    /// <summary>Squared length of each sample's gradient.</summary>
    public double[] SquaredNorms => _squares ??= Sum(parameter => parameter.SquaredNorms());

    /// <summary>Product of each sample's gradient with the gradient of the mean.</summary>
    public double[] Products => _products ??= Sum(parameter => parameter.ProjectOnMean());

    /// <summary>Products of the gradients of the first samples with the gradient of the mean.</summary>
    internal double[] ProductsOfFirst(int samples) =>
        _products is not null ? _products[..samples] : Sum(parameter => parameter.ProjectFirstOnMean(samples), samples);

    /// <summary>Squared length of the gradient of the mean.</summary>
    public double SquaredMean => Measured.Sum(parameter => FlatMath.Dot(parameter.Gradient, parameter.Gradient));

    private IEnumerable<SingleGradient> Measured => Parameters.Where(parameter => parameter.Factor is not null);

    /// <summary>Product of each sample's gradient with a vector.</summary>
    /// <param name="vector">A vector laid out like <see cref="ParameterVector.Values"/>, <c>[n]</c>.</param>
    public double[] Project(Tensor vector) =>
        Sum(parameter => parameter.Project(vector.Slice(0, parameter.Offset, checked((int)parameter.Gradient.Length))));

    private double[] Sum(Func<SingleGradient, Tensor> part, int? samples = null)
    {
        double[] sums = new double[samples ?? Samples];
        foreach (SingleGradient parameter in Measured)
        {
            FlatReader values = new(part(parameter).Contiguous());
            for (int i = 0; i < sums.Length; i++)
                sums[i] += values[i];
        }

        return sums;
    }

    private static SingleGradient[] Find(NetworkPass pass, Trainer trainer, double weight)
    {
        IReadOnlyList<NamedParameter> named = trainer.Parameters.Named;
        Tensor[] values = [.. named.Select(parameter => parameter.Value)];
        ILookup<int, ParameterUse> uses = ParameterUse.Find(pass.Recording, pass.Objective.Outputs, values).ToLookup(use => use.Parameter);
        FactorBuilder builder = new(pass.Samples, pass.Recording, SampleGradientMeter.ScanInputs(pass.Recording));
        bool isData = trainer.Options.Regularizers.Count == 0;
        SingleGradient[] result = new SingleGradient[values.Length];
        for (int i = 0; i < result.Length; i++)
        {
            SampleFactor? factor = FactorOf(named[i], [.. uses[i]], builder, pass.Samples);

            // With penalties in the objective the gradient of the step is not that of the data.
            Tensor part = isData || factor is null ? pass.GradientOf(i) : factor.Total(WorkingElements);
            Tensor gradient = weight == 1 ? part : part.Multiply(1 / weight);
            result[i] = new SingleGradient(named[i].Name, trainer.Parameters.Segments.Items[i].Offset, gradient.Contiguous())
            {
                Factor = factor,
                Scale = pass.Samples / weight,
            };
        }

        return result;
    }

    private static SampleFactor? FactorOf(NamedParameter parameter, ParameterUse[] uses, FactorBuilder builder, int samples)
    {
        if (uses.Length == 0)
            return new DirectFactor(Tensor.Zeros([samples, checked((int)parameter.Value.Length)], parameter.Value.DType));

        try
        {
            if (uses.All(use => FactorBuilder.IsKnown(use)))
                return builder.Build(parameter.Name, uses);

            SampleFactor?[] parts = [.. uses.Select(use => FactorBuilder.IsKnown(use) ? builder.Build(parameter.Name, [use])
                : use.Op is { Name: "batch norm", InputCount: 3 } ? BatchNormFactor.Of(use.Op, use.Input)
                : SlicedFactor.Fits(use.Op, use.Input, samples) ? new SlicedFactor(use.Op, use.Input, samples)
                : null)];
            return parts.Contains(null) ? null : parts.Length == 1 ? parts[0] : new SumFactor([.. parts.Select(part => part!)]);
        }
        catch (ThalwegException)
        {
            // Acts on something that has no axis of samples.
            return null;
        }
    }
}

/// <summary>The gradients of the single samples for one parameter.</summary>
/// <param name="name">Full name, such as <c>0.weight</c>.</param>
/// <param name="offset">Where it begins in the vector of all parameters.</param>
/// <param name="gradient">Gradient of the mean loss, of the shape of the parameter.</param>
public sealed class SingleGradient(string name, int offset, Tensor gradient)
{
    private const int WorkingElements = 1 << 22;

    /// <summary>Full name, such as <c>0.weight</c>.</summary>
    public string Name => name;

    /// <summary>Where the parameter begins in the vector of all parameters.</summary>
    public int Offset => offset;

    /// <summary>Gradient of the mean loss, of the shape of the parameter.</summary>
    public Tensor Gradient => gradient;

    /// <summary>Whether the gradient can be taken apart by sample.</summary>
    public bool IsMeasured => Factor is not null;

    /// <summary>The single gradients, up to their scale.</summary>
    internal SampleFactor? Factor { get; init; }

    /// <summary>By how much the parts of the gradient are multiplied.</summary>
    internal double Scale { get; init; }

    /// <summary>Norms and products with the gradient of the mean from one making of the single gradients, where they must be made.</summary>
    private (Tensor SquaredNorms, Tensor Products)? Made =>
        field ??= Factor!.MakesGradients ? Factor.MeasureAlong(gradient, WorkingElements) : null;

    /// <summary>Squared length of each sample's gradient, <c>[samples]</c>.</summary>
    public Tensor SquaredNorms() =>
        (Made?.SquaredNorms ?? Factor!.Measure(new SampleGradientOptions { WorkingElements = WorkingElements }).SquaredNorms)
        .Multiply(Scale * Scale);

    /// <summary>Mean over samples of the squared elements, of the shape of the parameter.</summary>
    public Tensor SecondMoment()
    {
        SampleMoments moments = Factor!.Measure(new SampleGradientOptions { SecondMoments = true, WorkingElements = WorkingElements });
        return moments.SumOfSquares!.Multiply(Scale * Scale / Factor.Samples).Reshape(gradient.Shape);
    }

    /// <summary>Product of each sample's gradient with a vector, <c>[samples]</c>.</summary>
    /// <param name="vector">As many elements as the parameter.</param>
    public Tensor Project(Tensor vector) => Factor!.Project(vector.Contiguous(), WorkingElements).Multiply(Scale);

    /// <summary>Product of each sample's gradient with the gradient of the mean, <c>[samples]</c>.</summary>
    public Tensor ProjectOnMean()
    {
        if (Made is { } made)
            return made.Products.Multiply(Scale);

        // Of dense layers the products of all pairs cost less than those with the mean where samples are few.
        if (Factor is not OuterFactor { Inputs.Shape: var inputs, Cotangents.Shape: var outputs } outer || inputs[1] > 1
            || (long)inputs[0] * (inputs[2] + outputs[2]) >= (long)inputs[2] * outputs[2])
        {
            return Project(gradient);
        }

        SampleMoments moments = outer.Measure(new SampleGradientOptions { DotProducts = true, WorkingElements = WorkingElements });
        return moments.DotProducts!.Mean(1).Multiply(Scale * Scale);
    }

    /// <summary>Products of the first samples' gradients with the gradient of the mean, <c>[samples]</c>.</summary>
    internal Tensor ProjectFirstOnMean(int samples) => Factor!.ProjectFirstOnMean(gradient, samples).Multiply(Scale);

    /// <summary>Some elements of single gradients, evenly chosen; null where the parameter cannot be taken apart.</summary>
    /// <param name="most">Number of elements at most, 1 or more.</param>
    public double[]? Sample(int most)
    {
        if (Factor is null)
            return null;

        long all = Factor.Samples * Factor.Size;
        double[] chosen = new double[(int)Math.Min(most, all)];
        if (Factor is OuterFactor { Inputs.Shape: var shape } outer && shape[1] == 1)
        {
            (Tensor inputs, Tensor cotangents) = (outer.Inputs.Contiguous(), outer.Cotangents.Contiguous());
            (int Inputs, int Outputs) sizes = (shape[2], outer.Cotangents.Shape[2]);
            if (inputs.DType == DType.Float32)
                Choose(inputs.AsSpan<float>(), cotangents.AsSpan<float>(), sizes, chosen);
            else
                Choose(inputs.AsSpan<double>(), cotangents.AsSpan<double>(), sizes, chosen);

            return chosen;
        }

        // Where a single gradient must be made as a whole, those of four samples do.
        int samples = Math.Min(4, Factor.Samples);
        FlatReader values = new(Factor.Gradients(0, samples).Contiguous());
        chosen = new double[(int)Math.Min(most, samples * Factor.Size)];
        for (int i = 0; i < chosen.Length; i++)
            chosen[i] = Scale * values[i * samples * Factor.Size / chosen.Length];
        return chosen;
    }

    /// <summary>Elements of outer products, evenly chosen from those of all samples one after another.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Choose<T>(ReadOnlySpan<T> inputs, ReadOnlySpan<T> cotangents, (int Inputs, int Outputs) sizes, double[] chosen)
        where T : unmanaged
    {
        int size = sizes.Inputs * sizes.Outputs;
        EvenChoice choice = new((long)inputs.Length / sizes.Inputs * size, Math.Max(1, chosen.Length));
        (int sample, int element, long last) = (0, 0, 0);
        for (int i = 0; i < chosen.Length; i++, choice.Next())
        {
            long ahead = element + choice.At - last;
            for (; ahead >= size; ahead -= size)
                sample++;

            (element, last) = ((int)ahead, choice.At);
            int row = (int)((uint)element / (uint)sizes.Outputs), column = element - (row * sizes.Outputs);
            chosen[i] = Scale * FlatMath.Load1(inputs, (sample * sizes.Inputs) + row)
                * FlatMath.Load1(cotangents, (sample * sizes.Outputs) + column);
        }
    }
}
