using Thalweg.Layers;
using Thalweg.Optimizers;
using Thalweg.Rules;
using Thalweg.Training;

namespace Thalweg.Tests.Rules;

/// <summary>Rules by unit take together all weights that lead to one output, wherever a layer keeps its outputs.</summary>
public sealed class UnitAxisTests
{
    /// <summary>A layer, and the output that the weight at an index of its shape leads to.</summary>
    private static readonly Dictionary<string, (Func<Module> Make, Func<int[], int> OutputOf)> s_layers = new()
    {
        ["dense [in, out]"] = (() => new Dense(6, 4), at => at[1]),
        ["convolution [out, in, height, width]"] = (() => new Conv2d(3, 4, new(2, 3)), at => at[0]),
        ["convolution in groups [out, in / 2, height, width]"] = (() => new Conv2d(6, 4, new(2, 3), new() { Groups = 2 }), at => at[0]),
        ["signal convolution [out, in, width]"] = (() => new Conv1d(3, 4, 5), at => at[0]),
        ["transposed convolution [in, out, height, width]"] = (() => new ConvTranspose2d(3, 4, new(2, 3)), at => at[1]),
        ["transposed convolution in groups [in, out / 2, height, width]"] =
            (() => new ConvTranspose2d(6, 4, new(2, 3), new() { Groups = 2 }), at => (at[0] / 3 * 2) + at[1]),
        ["transposed signal convolution [in, out, width]"] = (() => new ConvTranspose1d(3, 4, 5), at => at[1]),
    };

    public static TheoryData<string> Layers => [.. s_layers.Keys];

    [Theory]
    [MemberData(nameof(Layers))]
    public void Adaptive_clipping_bounds_the_gradient_of_each_output_by_its_weights(string layer) =>
        Holds(layer, new ClipByUnit(0.1), (w, g) => [.. g.Select(x => x * Math.Min(1, 0.1 * Math.Max(Norm(w), 1e-3) / Norm(g)))]);

    [Theory]
    [MemberData(nameof(Layers))]
    public void Centralization_takes_the_mean_of_each_output(string layer) =>
        Holds(layer, new Centralize(), (w, g) => [.. g.Select(x => x - g.Average())]);

    [Theory]
    [MemberData(nameof(Layers))]
    public void The_maximum_norm_is_that_of_each_output(string layer) =>
        Holds(layer, new ProjectMaxNorm(2), (w, g) => To(w, g, norm => Math.Min(1, 2 / norm)));

    [Theory]
    [MemberData(nameof(Layers))]
    public void The_unit_norm_is_that_of_each_output(string layer) =>
        Holds(layer, new ProjectUnitNorm(), (w, g) => To(w, g, norm => 1 / norm));

    /// <summary>Demands of a rule that the update of each output's weights w with gradient g be the given one.</summary>
    private static void Holds(string layer, Rule rule, Func<double[], double[], double[]> update)
    {
        (Func<Module> make, Func<int[], int> outputOf) = s_layers[layer];
        ParameterVector parameters = new(make().Initialize(1, DType.Float64));
        ParameterSegment segment = parameters.Segments.Items[0];
        segment.Units.ShouldBe(4);
        double[] w = Flat.Weights<double>(segment.Size), g = Flat.Gradients<double>(segment.Size, 3);
        double[] padded = [.. w, .. new double[parameters.Segments.Length - segment.Size]];
        OptimizerRun run = new([rule], parameters.Segments, DType.Float64);
        run.Step<double>(padded, [.. g, .. new double[parameters.Segments.Length - segment.Size]]);
        int[] outputs = [.. Enumerable.Range(0, segment.Size).Select(k => outputOf(Index(segment.Shape, k)))];
        for (int output = 0; output < 4; output++)
        {
            int[] positions = [.. Enumerable.Range(0, segment.Size).Where(k => outputs[k] == output)];
            positions.Length.ShouldBe(segment.Size / 4);
            double[] expected = update([.. positions.Select(k => w[k])], [.. positions.Select(k => g[k])]);
            for (int i = 0; i < positions.Length; i++)
                padded[positions[i]].ShouldBe(w[positions[i]] + expected[i], 1e-12, $"output {output}, place {positions[i]}");
        }
    }

    private static double[] To(double[] w, double[] g, Func<double, double> factor)
    {
        double[] next = [.. w.Zip(g, (x, y) => x + y)];
        return [.. next.Zip(w, (x, y) => (x * factor(Norm(next))) - y)];
    }

    private static int[] Index(Shape shape, int position)
    {
        int[] index = new int[shape.Rank];
        for (int axis = shape.Rank - 1; axis >= 0; axis--)
            (position, index[axis]) = (position / shape[axis], position % shape[axis]);
        return index;
    }

    private static double Norm(double[] x) => Math.Sqrt(x.Sum(value => value * value));
}
