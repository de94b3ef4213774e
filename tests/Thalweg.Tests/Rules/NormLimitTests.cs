using Thalweg.Optimizers;
using Thalweg.Rules;

namespace Thalweg.Tests.Rules;

/// <summary>Rules that take norms or squares, for gradients whose squares leave the range of their type.</summary>
public sealed class NormLimitTests
{
    private static readonly ParameterSegments s_matrix = new(
        new ParameterSegment("weight", 0, 20, Shape: [4, 5]), new ParameterSegment("bias", 20, 6, IsWeight: false, [6]));

    [Theory]
    [InlineData(2)]
    [InlineData(1)]
    [InlineData(3.5)]
    [InlineData(80)]
    [InlineData(double.PositiveInfinity)]
    public void Clipping_halves_what_is_twice_too_long_whatever_its_size(double order)
    {
        double length = double.IsInfinity(order) ? 4 : Math.Pow(Math.Pow(3, order) + Math.Pow(4, order), 1 / order);
        foreach (double size in (double[])[1e-36, 1e-25, 1e-10, 1, 1e10, 1e20, 5e37])
        {
            foreach (Rule rule in Clips(length * size / 2))
            {
                float[] w = [0, 0], g = [(float)(3 * size), (float)(-4 * size)];
                new OptimizerRun([rule, new Scale(1)], ParameterSegments.Single(2)).Step<float>(w, g);
                Near(w[0], 1.5 * size, 1e-5);
                Near(w[1], -2 * size, 1e-5);
            }
        }

        foreach (double size in (double[])[1e-300, 1e-200, 1e200, 1e300])
        {
            foreach (Rule rule in Clips(length * size / 2))
            {
                double[] w = [0, 0];
                new OptimizerRun([rule, new Scale(1)], ParameterSegments.Single(2), DType.Float64).Step<double>(w, [3 * size, -4 * size]);
                Near(w[0], 1.5 * size, 1e-12);
                Near(w[1], -2 * size, 1e-12);
            }
        }

        Rule[] Clips(double limit) => [new ClipByGlobalNorm(limit) { Order = order }, new ClipEach(limit) { Order = order }];
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Trust_ratios_do_not_depend_on_the_size_of_the_gradient(bool behindAnotherRule)
    {
        Chain chain = behindAnotherRule ? [new Scale(-1), new ScaleByTrustRatio()] : [new ScaleByTrustRatio(), new Scale(-1)];
        foreach (double size in (double[])[1e-36, 1e-25, 1, 1e20, 5e37])
        {
            float[] w = [0.3f, -0.4f];
            new OptimizerRun(chain, ParameterSegments.Single(2)).Step<float>(w, [(float)(3 * size), (float)(-4 * size)]);
            Near(w[0], 0, 1e-6);
            Near(w[1], 0, 1e-6);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Adafactor_takes_a_bounded_step_for_gradients_of_any_size_and_continues(bool relative)
    {
        foreach (double size in (double[])[1e-30, 1, 1e15, 1e19, 1e25, 1e37])
        {
            OptimizerRun run = new([new ScaleByAdafactor { Relative = relative }, new Scale(-0.1)], s_matrix);
            float[] w = [.. Enumerable.Repeat(1f, s_matrix.Length)], start = [.. w];
            float[] g = [.. Enumerable.Range(0, w.Length).Select(i => (float)(size * Math.Sin(1 + i)))];
            run.Step<float>(w, g);
            for (int i = 0; i < 26; i++)
            {
                (start[i] - w[i]).ShouldBeInRange(-0.3f, 0.3f, $"gradient of {size}, element {i}");
                Math.Sign(start[i] - w[i]).ShouldBe(size < 1e-20 ? Math.Sign(start[i] - w[i]) : Math.Sign(g[i]), $"gradient of {size}");
            }

            for (int step = 0; step < 5; step++)
                run.Step<float>(w, [.. g.Select(v => (float)(v / size))]);

            w.ShouldAllBe(v => float.IsFinite(v), $"gradient of {size}");
        }
    }

    [Theory]
    [InlineData(1e-50)]
    [InlineData(1e-300)]
    [InlineData(1e-30)]
    public void Adafactor_leaves_weights_without_gradients_whatever_its_epsilon(double epsilon)
    {
        OptimizerRun run = new([new ScaleByAdafactor { Epsilon = epsilon }, new Scale(-0.1)], s_matrix);
        float[] w = [.. Enumerable.Repeat(1f, s_matrix.Length)];
        // The second row, the third column and half of the vector have none.
        float[] g = [.. Enumerable.Range(0, w.Length).Select(i => i / 5 == 1 || (i < 20 && i % 5 == 2) || i > 22 ? 0f : 2)];
        for (int step = 0; step < 3; step++)
            run.Step<float>(w, g);

        for (int i = 0; i < 26; i++)
        {
            (w[i] == 1).ShouldBe(g[i] == 0, $"element {i}: {w[i]}");
            float.IsFinite(w[i]).ShouldBeTrue($"element {i}");
        }
    }

    private static void Near(double found, double expected, double tolerance) =>
        found.ShouldBe(expected, tolerance * Math.Max(Math.Abs(expected), expected == 0 ? 1 : 0));
}
