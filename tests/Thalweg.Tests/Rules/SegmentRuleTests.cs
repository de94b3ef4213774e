using Thalweg.Kernels;
using Thalweg.Optimizers;
using Thalweg.Rules;

namespace Thalweg.Tests.Rules;

/// <summary>Rules that look at whole parameters, on parameters of many chunks, parts and tiles.</summary>
[Collection(nameof(ThreadCount))]
public sealed class SegmentRuleTests
{
    /// <summary>Rows that end inside vectors, more rows than a part has, rows longer than a tile and shorter than a vector, and
    /// a long vector.</summary>
    private static readonly ParameterSegments s_segments = new(
        new ParameterSegment("tall", 0, 700 * 131, Shape: [700, 131]), new ParameterSegment("wide", 91_712, 3 * 5003, Shape: [3, 5003]),
        new ParameterSegment("narrow", 106_732, 400 * 3, Shape: [400, 3]),
        new ParameterSegment("bias", 107_932, 20_001, IsWeight: false, [20_001]));

    [Fact]
    public void Adafactor_on_large_parameters_equals_the_formula_in_double()
    {
        double[] w = Flat.Weights<double>(s_segments.Length), expected = [.. w];
        Dictionary<string, (double[] Rows, double[] Columns)> averages = s_segments.Items.ToDictionary(
            segment => segment.Name, segment => (new double[segment.Rows], new double[segment.Columns]));
        OptimizerRun run = new(new Adafactor(0.01), s_segments, DType.Float64);
        for (int t = 1; t <= 3; t++)
        {
            double[] g = Gradients<double>(t);
            run.Step<double>(w, g);
            foreach (ParameterSegment segment in s_segments.Items)
                Adafactor(expected.AsSpan(segment.Offset, segment.Size), g.AsSpan(segment.Offset, segment.Size), averages[segment.Name], t);
            for (int i = 0; i < w.Length; i++)
                Math.Abs(w[i] - expected[i]).ShouldBeLessThan(1e-12, $"element {i}, step {t}");
        }
    }

    [Theory]
    [InlineData("adafactor")]
    [InlineData("adafactor(relative=false, decay=0.1)")]
    [InlineData("lamb")]
    [InlineData("lars(decay=0.01)")]
    public void Bits_do_not_depend_on_threads_vector_widths_or_groups(string text)
    {
        Chain chain = ChainText.Parse(text);
        float[] expected = ThreadCount.With(1, () => Train(chain));
        expected.ShouldAllBe(value => float.IsFinite(value));
        ThreadCount.With(2, () => Train(chain)).ShouldBe(expected);
        ThreadCount.With(3, () => Train(chain, groupSize: 1)).ShouldBe(expected);
        foreach (VectorWidth width in Enum.GetValues<VectorWidth>())
            Train(chain, width: width).ShouldBe(expected, width.ToString());
    }

    [Fact]
    public void The_trust_ratio_is_that_of_the_norms_whether_the_pass_before_took_them_or_not()
    {
        double[] w = Flat.Weights<double>(s_segments.Length), g = Gradients<double>(1), expected = [.. w];
        new OptimizerRun([new Scale(3), new ScaleByTrustRatio(), new Scale(-1)], s_segments, DType.Float64).Step<double>(w, g);
        foreach (ParameterSegment segment in s_segments.Items)
        {
            Range range = segment.Offset..(segment.Offset + segment.Size);
            double ratio = segment.IsWeight ? WholeCases.Norm(expected[range]) / (3 * WholeCases.Norm(g[range])) : 1;
            for (int i = segment.Offset; i < segment.Offset + segment.Size; i++)
                w[i].ShouldBe(expected[i] - (ratio * 3 * g[i]), 1e-11);
        }
    }

    [Fact]
    public void A_cliff_whose_square_overflows_a_float_is_still_brought_back()
    {
        float[] w = [3, 4];
        new OptimizerRun([new Scale(1), new ScaleByTrustRatio(), new Scale(-1)], ParameterSegments.Single(2))
            .Step<float>(w, [6e25f, 8e25f]);
        w[0].ShouldBe(0, 1e-5f);
        w[1].ShouldBe(0, 1e-5f);
    }

    private static void Adafactor(Span<double> w, Span<double> g, (double[] Rows, double[] Columns) averages, int t)
    {
        (double[] r, double[] c) = averages;
        (int rows, int columns, double b) = (r.Length, c.Length, 1 - Math.Pow(t, -0.8));
        double[] rowSums = new double[rows], columnSums = new double[columns];
        for (int k = 0; k < w.Length; k++)
        {
            double square = (g[k] * g[k]) + 1e-30;
            rowSums[k / columns] += square / columns;
            columnSums[k % columns] += square / rows;
        }

        for (int i = 0; i < rows; i++)
            r[i] = (b * r[i]) + ((1 - b) * rowSums[i]);
        for (int j = 0; j < columns; j++)
            c[j] = (b * c[j]) + ((1 - b) * columnSums[j]);
        double mean = r.Average(), squares = 0, weights = 0;
        double[] u = new double[w.Length];
        for (int k = 0; k < w.Length; k++)
        {
            u[k] = g[k] / Math.Sqrt(rows > 1 ? r[k / columns] * c[k % columns] / mean : c[k]);
            (squares, weights) = (squares + (u[k] * u[k]), weights + (w[k] * w[k]));
        }

        double scale = Math.Max(1e-3, Math.Sqrt(weights / w.Length)) / Math.Max(1, Math.Sqrt(squares / w.Length));
        for (int k = 0; k < w.Length; k++)
            w[k] -= 0.01 * scale * u[k];
    }

    private static T[] Gradients<T>(int t)
        where T : System.Numerics.IFloatingPointIeee754<T>
    {
        T[] g = Flat.Gradients<T>(s_segments.Length, t);
        for (int k = 0; k + 1 < s_segments.Items.Count; k++)
            g.AsSpan((s_segments.Items[k].Offset + s_segments.Items[k].Size)..s_segments.Items[k + 1].Offset).Clear();
        return g;
    }

    private static float[] Train(Chain chain, int groupSize = OptimizerRun.GroupSize, VectorWidth? width = null)
    {
        OptimizerRun run = new(chain, s_segments, DType.Float32, groupSize);
        if (width is { } forced)
            run.Width = forced;
        float[] w = Flat.Weights<float>(s_segments.Length);
        for (int t = 1; t <= 3; t++)
            run.Step<float>(w, Gradients<float>(t));
        return w;
    }
}
