using Thalweg.Optimizers;
using Thalweg.Rules;

namespace Thalweg.Labs.Playground;

/// <summary>Gradients of a surface with noise, for any rule but those that ask for layers.</summary>
internal sealed class GroundSource : IGradientSource
{
    private readonly Surface _surface;
    private readonly Ground _ground;

    /// <summary>Begins at the start of a race.</summary>
    public GroundSource(Surface surface, Ground ground)
    {
        (_surface, _ground) = (surface, ground);
        (Values.AsSpan<double>()[0], Values.AsSpan<double>()[1]) = (ground.X, ground.Y);
    }

    /// <summary>The update whose noise is drawn, from 0: all gradients of an update are of the same samples.</summary>
    public int Step { get; set; }

    public Tensor Values { get; } = Tensor.Full([2], 0, DType.Float64);

    public Tensor Gradients { get; } = Tensor.Full([2], 0, DType.Float64);

    /// <summary>The point.</summary>
    public double[] Point => Values.ToArray<double>();

    public double Gradient()
    {
        ReadOnlySpan<double> at = Values.AsSpan<double>();
        Span<double> gradient = Gradients.AsSpan<double>();
        double value = _surface.Value(at[0], at[1], gradient);
        if (_ground.Noise > 0)
        {
            // The mean of a batch of normal samples is normal, with the deviation divided by the root of their number.
            RandomStream noise = new((ulong)_ground.Seed, RandomPurpose.User, (ulong)Step);
            double deviation = _ground.Noise / Math.Sqrt(_ground.Batch);
            gradient[0] += deviation * noise.NextNormal();
            gradient[1] += deviation * noise.NextNormal();
        }

        return value;
    }

    public CurvatureSignal EstimateCurvature(CurvatureForm form)
    {
        ReadOnlySpan<double> at = Values.AsSpan<double>();
        double[] hessian = _surface.Hessian(at[0], at[1]);
        return new CurvatureSignal(Tensor.From([hessian[0], hessian[2]], [2]));
    }

    public LayerFactorsSignal FindLayerFactors() => throw new ThalwegException(
        "[playground] expected a rule that works on any function, got one that needs the layers of a network; choose another");
}

/// <summary>One gradient that was taken before, whatever the weights.</summary>
internal sealed class FixedSource(double[] point, double[] gradient, CurvatureSignal curvature) : IGradientSource
{
    public Tensor Values { get; } = Tensor.From([.. point], [2]);

    public Tensor Gradients { get; } = Tensor.From([.. gradient], [2]);

    public double Gradient()
    {
        gradient.CopyTo(Gradients.AsSpan<double>());
        return 0;
    }

    public CurvatureSignal EstimateCurvature(CurvatureForm form) => curvature;

    public LayerFactorsSignal FindLayerFactors() => throw new ThalwegException(
        "[playground] expected a rule that works on any function, got one that needs the layers of a network; choose another");
}
