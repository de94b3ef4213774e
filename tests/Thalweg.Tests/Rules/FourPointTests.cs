using Thalweg.Initializers;
using Thalweg.Layers;
using Thalweg.Losses;
using Thalweg.Optimizers;
using Thalweg.Rules;
using Thalweg.Training;

namespace Thalweg.Tests.Rules;

/// <summary>A line through four points, found by two optimizers, against numbers that two other libraries agree on
/// in single precision.</summary>
/// <remarks>The points and numbers are those that the tests of Candle publish beside the same run of PyTorch.</remarks>
public sealed class FourPointTests
{
    private static readonly double[] _points = [2, 1, 7, 4, -4, 12, 5, 8];

    [Theory]
    [InlineData(DType.Float32)]
    [InlineData(DType.Float64)]
    public void Gradient_descent_of_the_summed_squares_ends_after_1000_steps_at_the_published_line(DType type)
    {
        double[] found = Fit(ChainText.Parse("sgd(0.004)"), type, 1000);
        found[0].ShouldBe(2.9983196, 5e-7);
        found[1].ShouldBe(0.99790204, 5e-7);
        found[2].ShouldBe(-1.9796902, 5e-7);
    }

    [Theory]
    [InlineData(DType.Float32)]
    [InlineData(DType.Float64)]
    public void Adam_with_decoupled_decay_is_after_100_steps_at_the_published_line(DType type)
    {
        double[] found = Fit(ChainText.Parse("adamw(0.1, decay=0.01, decay_scope=everything)"), type, 100);
        found[0].ShouldBe(2.7257, 5e-5);
        found[1].ShouldBe(0.7097, 5e-5);
        found[2].ShouldBe(0.7873, 5e-5);
    }

    /// <summary>Starts at zero and returns the two slopes and the offset.</summary>
    private static double[] Fit(Chain rule, DType type, int steps)
    {
        Dense line = new(2, 1);
        foreach ((_, Parameter parameter) in line.NamedParameters())
            parameter.Initializer = Initializer.Zeros;
        line.Initialize(0, type);
        ParameterVector parameters = new(line);
        OptimizerRun run = new(rule, parameters.Segments, type);
        Tensor x = Tensor.From(_points, [4, 2]).To(type);
        Tensor y = Tensor.From([.. _points.Chunk(2).Select(p => (3 * p[0]) + p[1] - 2)], [4, 1]).To(type);
        for (int step = 0; step < steps; step++)
        {
            Loss.MeanSquaredError.Compute(line.Forward(x), y, Reduction.Sum).Backward();
            run.Step(parameters.Values, parameters.Gradients);
        }

        return [.. line.NamedParameters().Select(p => p.Parameter.Value)
            .SelectMany(value => Enumerable.Range(0, (int)value.Length).Select(i => value.Read(i)))];
    }
}
