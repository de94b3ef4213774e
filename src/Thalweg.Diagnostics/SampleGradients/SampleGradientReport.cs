namespace Thalweg.Diagnostics;

/// <summary>Gradients of the single samples of a batch, in numbers that need no copy of each.</summary>
/// <param name="Losses">Loss of each sample <c>[batch]</c>.</param>
/// <param name="Parameters">The measured parameters, in the order of the module.</param>
public sealed record SampleGradientReport(Tensor Losses, IReadOnlyList<ParameterSampleGradients> Parameters)
{
    /// <summary>Number of samples.</summary>
    public int Samples => Losses.Shape[0];

    /// <summary>Squared length of each sample's gradient over all measured parameters, <c>[batch]</c>.</summary>
    public Tensor SquaredNorms => Total(Parameters.Select(p => p.SquaredNorms));

    /// <summary>Products of the gradients of each pair of samples over all measured parameters, <c>[batch, batch]</c>; null where
    /// not asked for.</summary>
    public Tensor? DotProducts => Parameters.Any(p => p.DotProducts is null) ? null : Total(Parameters.Select(p => p.DotProducts!));

    /// <summary>A copy outside any step scope.</summary>
    public SampleGradientReport Copy() => new(Losses.Clone(), [.. Parameters.Select(p => p.Copy())]);

    private static Tensor Total(IEnumerable<Tensor> parts) => parts.Aggregate((sum, part) => sum.Add(part));
}

/// <summary>Gradients of the single samples for one parameter.</summary>
/// <param name="Name">Full name, such as <c>0.weight</c>.</param>
/// <param name="Mean">Mean gradient, of the shape of the parameter; null where not asked for.</param>
/// <param name="SquaredNorms">Squared length of each sample's gradient, <c>[batch]</c>.</param>
/// <param name="SecondMoment">Mean over samples of the squared elements, of the shape of the parameter; null where not asked for.</param>
/// <param name="DotProducts">Products of each pair of gradients, <c>[batch, batch]</c>; null where not asked for.</param>
public sealed record ParameterSampleGradients(string Name, Tensor? Mean, Tensor SquaredNorms, Tensor? SecondMoment, Tensor? DotProducts)
{
    /// <summary>Variance of each element over samples (divided by their number), of the shape of the parameter; null without mean
    /// or second moments.</summary>
    public Tensor? Variance => Mean is null ? null : SecondMoment?.Subtract(Mean.Square()).Maximum(Tensor.Scalar(0, Mean.DType));

    /// <summary>A copy outside any step scope.</summary>
    internal ParameterSampleGradients Copy() => new(Name, Mean?.Clone(), SquaredNorms.Clone(), SecondMoment?.Clone(), DotProducts?.Clone());
}
