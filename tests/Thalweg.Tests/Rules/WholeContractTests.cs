using System.Numerics;
using Thalweg.Kernels;
using Thalweg.Optimizers;
using Thalweg.Rules;

namespace Thalweg.Tests.Rules;

/// <summary>What every rule that looks at more than one element at a time promises; the rows are in <see cref="WholeCases"/>.</summary>
[Collection(nameof(ThreadCount))]
public sealed class WholeContractTests
{
    public static TheoryData<string> Names => WholeCases.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void Equals_the_formula_written_out_in_double_over_120_steps(string name)
    {
        WholeCase row = WholeCases.Of(name);
        int n = WholeCases.Segments.Length;
        double[] weights = Flat.Weights<double>(n), expected = [.. weights];
        OptimizerRun run = new(row.Chain, WholeCases.Segments, DType.Float64);
        WholeLiteral literal = row.MakeLiteral();
        for (int t = 1; t <= 120; t++)
        {
            double[] gradients = Gradients<double>(t);
            run.Step<double>(weights, gradients);
            expected = literal(expected, gradients, t);
            for (int i = 0; i < n; i++)
                weights[i].ShouldBe(expected[i], row.Tolerance * Math.Max(1, Math.Abs(expected[i])), $"coordinate {i}, step {t}");
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Gives_equal_bits_whatever_the_groups_widths_and_threads(string name)
    {
        Chain chain = [new Scale(1.1), .. WholeCases.Of(name).Chain];
        ulong[] expected = Bits(Train<float>(chain));
        Bits(Train<float>(chain, groupSize: 1)).ShouldBe(expected);
        foreach (VectorWidth width in Enum.GetValues<VectorWidth>())
            Bits(Train<float>(chain, width: width)).ShouldBe(expected, width.ToString());
        ThreadCount.With(3, () => Bits(Train<float>(chain))).ShouldBe(expected);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Goes_on_with_equal_bits_from_a_saved_state_and_reads_back_from_its_text(string name)
    {
        Chain chain = WholeCases.Of(name).Chain;
        int n = WholeCases.Segments.Length;
        float[] weights = Flat.Weights<float>(n);
        OptimizerRun first = new(chain, WholeCases.Segments);
        for (int t = 1; t <= 7; t++)
            first.Step<float>(weights, Gradients<float>(t));
        float[] resumed = [.. weights];
        OptimizerRun second = new(ChainText.Parse(chain.ToString()), WholeCases.Segments);
        second.Chain.ShouldBe(chain);
        second.State.Restore(first.State.Step, [.. first.State.Slots.Select(slot => slot with { Values = slot.Values.Clone() })]);
        for (int t = 8; t <= 12; t++)
        {
            first.Step<float>(weights, Gradients<float>(t));
            second.Step<float>(resumed, Gradients<float>(t));
        }

        Bits(resumed).ShouldBe(Bits(weights));
    }

    [Fact]
    public void Allocates_nothing_per_step()
    {
        int n = WholeCases.Segments.Length;
        foreach (WholeCase row in WholeCases.All)
        {
            OptimizerRun run = new(row.Chain, WholeCases.Segments);
            float[] weights = Flat.Weights<float>(n), gradients = Gradients<float>(1);
            long fewest = long.MaxValue;
            for (int window = 0; window < 5; window++)
            {
                long before = GC.GetAllocatedBytesForCurrentThread();
                for (int i = 0; i < 5; i++)
                    run.Step<float>(weights, gradients);
                fewest = Math.Min(fewest, GC.GetAllocatedBytesForCurrentThread() - before);
            }

            fewest.ShouldBe(0, row.Name);
        }
    }

    [Fact]
    public void Kfac_allocates_nothing_per_step_not_even_where_it_observes_and_inverts()
    {
        ParameterSegments segments = new(
            new ParameterSegment("0.weight", 0, 40 * 70, Shape: [40, 70]), new ParameterSegment("0.bias", 2800, 70, false, [70]));
        OptimizerRun run = new([new ScaleByKfac { FactorsEvery = 1, InversesEvery = 1 }, new ScaleByLearningRate(1e-3)], segments);
        LayerFactorsSignal signal = new([new LayerFactors(0, Identity(41), Identity(70))]);
        float[] weights = Flat.Weights<float>(segments.Length), gradients = Flat.Gradients<float>(segments.Length, 1);
        Shared.Allocations.Fewest(
            () =>
            {
                if (run.Wanted == SignalKinds.LayerFactors)
                    run.Observe(signal);
                run.Step<float>(weights, gradients);
            },
            5).ShouldBe(0);
    }

    private static double[] Identity(int n) => [.. Enumerable.Range(0, n * n).Select(i => i % (n + 1) == 0 ? 1.0 : 0)];

    [Fact]
    public void Leaves_padding_alone()
    {
        foreach (WholeCase row in WholeCases.All)
        {
            double[] w = Flat.Weights<double>(WholeCases.Segments.Length);
            (double gap, double tail) = (w[15], w[23]);
            new OptimizerRun(row.Chain, WholeCases.Segments, DType.Float64).Step<double>(w, Gradients<double>(1));
            (w[15], w[23]).ShouldBe((gap, tail), row.Name);
        }
    }

    /// <summary>Gradients whose padding is 0, as every trainer keeps it.</summary>
    private static T[] Gradients<T>(int t)
        where T : IFloatingPointIeee754<T>
    {
        T[] gradients = Flat.Gradients<T>(WholeCases.Segments.Length, t);
        (gradients[15], gradients[22], gradients[23]) = (T.Zero, T.Zero, T.Zero);
        return gradients;
    }

    private static T[] Train<T>(Chain chain, int groupSize = OptimizerRun.GroupSize, VectorWidth? width = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int n = WholeCases.Segments.Length;
        OptimizerRun run = new(chain, WholeCases.Segments, DTypes.Of<T>(), groupSize);
        if (width is { } forced)
            run.Width = forced;
        T[] weights = Flat.Weights<T>(n);
        for (int t = 1; t <= 5; t++)
            run.Step<T>(weights, Gradients<T>(t));
        return weights;
    }

    private static ulong[] Bits<T>(T[] values)
        where T : INumberBase<T> => [.. values.Select(value => BitConverter.DoubleToUInt64Bits(double.CreateTruncating(value)))];
}
